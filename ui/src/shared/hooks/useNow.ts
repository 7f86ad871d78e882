import { useEffect, useState } from 'react';

/** The time now, renewed every `every` milliseconds; at most four times a second. */
export function useNow(every = 60_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), Math.max(250, every));
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

import type { ReactNode } from 'react';

/** The app's own mark: a counter under its awning. */
export function Mark(): ReactNode {
  return (
    <svg className="mark" width="20" height="20" viewBox="0 0 20 20" aria-hidden>
      <rect width="20" height="20" rx="5" className="mark-ground" />
      <path d="M4.5 6.5h11M5.8 6.5v2.2M14.2 6.5v2.2M4.5 9.3h11M6.4 9.3v5.2M13.6 9.3v5.2M9 14.5v-2.6h2v2.6" fill="none" className="mark-line" strokeWidth="1.5" strokeLinecap="square" />
    </svg>
  );
}

/* Three short figures made on the spot: no file to load, and the same on every system. */

const FIGURES = {
  exception: [880, 1175],
  authorization: [660, 494, 660],
  printer: [494, 494],
} as const;

let context: AudioContext | null = null;

/** Plays a figure; a system without sound stays silent. */
export function chime(figure: keyof typeof FIGURES): void {
  try {
    context ??= new AudioContext();
  } catch {
    return;
  }
  // A context made before the first click stays silent until it is resumed.
  if (context.state === 'suspended') void context.resume();
  const start = context.currentTime + 0.02;
  for (const [at, pitch] of FIGURES[figure].entries()) {
    const tone = context.createOscillator();
    const loud = context.createGain();
    const from = start + at * 0.18;
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.0001, from);
    loud.gain.exponentialRampToValueAtTime(0.2, from + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, from + 0.3);
    tone.connect(loud).connect(context.destination);
    tone.start(from);
    tone.stop(from + 0.32);
  }
}

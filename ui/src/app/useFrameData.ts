import { NO_DATA, type FrameData } from './frameData';
export function useFrameData(): FrameData {
  return NO_DATA;
}

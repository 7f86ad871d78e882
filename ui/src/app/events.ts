/** The data tags of a `changed` event. What the line says stands in the frame beside the tasks; other events change no data. */
export function changedTags(event: unknown): string[] {
  if (typeof event !== 'object' || event === null) return [];
  if ('kind' in event && (event.kind === 'throttled' || event.kind === 'connection')) return ['tasks'];
  if (!('tags' in event)) return [];
  const { tags } = event;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

/** Whether other data were opened in place of the ones the page shows. */
export function isReloaded(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'kind' in event && event.kind === 'reloaded';
}

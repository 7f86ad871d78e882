/** The data tags of a `changed` event; empty for every other event. */
export function changedTags(event: unknown): string[] {
  if (typeof event !== 'object' || event === null || !('tags' in event)) return [];
  const { tags } = event;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

/** Whether other data were opened in place of the ones the page shows. */
export function isReloaded(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'kind' in event && event.kind === 'reloaded';
}

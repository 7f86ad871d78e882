/** The data tags of a `changed` event; empty for every other event. */
export function changedTags(event: unknown): string[] {
  if (typeof event !== 'object' || event === null || !('tags' in event)) return [];
  const { tags } = event;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

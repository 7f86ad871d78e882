import type { JobView } from '../../api/generated';
import { wordOf } from '../../shared/errors';
import { j, type TaskWord } from './messages';

/** What a job is called; its words come from the data, a kind without words says so calmly. */
export function jobName(job: JobView): string {
  const own = `kind.${job.kind}`;
  return wordOf([`job.${job.kind}.title`, `job.${job.kind}.text`, `job.${job.kind}.label`, `job.${job.kind}`], j((own in j.tables['zh-CN'] ? own : 'kind.other') as TaskWord), job.params);
}

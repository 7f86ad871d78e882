import type { JobView } from '../../api/generated';
import { sentence } from '../../shared/errors';
import { j } from './messages';

/** What a job is called. */
export function jobName(job: JobView): string {
  return sentence({ code: `job.${job.kind}`, params: job.params }, j('kind.other'));
}

import { type ReactNode } from 'react';
import { call } from '../../api/client';
import type { PictureView, PicturesReport } from '../../api/generated';
import { host } from '../../host';
import { findingWords } from '../../shared/errors';
import { bytes } from '../../shared/format';
import { useAttempt } from '../../shared/hooks';
import { Button, Empty, SeverityIcon } from '../../shared/ui';
import { IconChevronLeft, IconChevronRight, IconPlus, IconTrash2, IconWrench } from '../../shared/ui/icons';
import { l } from './messages';
import { sayPictures } from './pictureReport';

const FORMATS = ['jpg', 'jpeg', 'png', 'webp', 'gif', 'bmp', 'tif', 'tiff'];

/** The pictures of one product: add, order (the first is the main one), take off, repair. */
export function Pictures({ product, list, onUndo }: { product: number; list: readonly PictureView[]; onUndo: (batch: number) => void }): ReactNode {
  const { busy, attempt } = useAttempt<string>(['products', 'findings']);
  const say = (report: PicturesReport): void => sayPictures(report, onUndo);
  const add = (): void =>
    attempt('add', async () => {
      const paths = await host().pickFile({ title: l('pictures.add'), extensions: FORMATS, multiple: true });
      if (paths.length > 0) say(await call('pictures_add', { product, paths }));
    });
  const set = (hashes: string[]): void =>
    attempt('set', async () => {
      await call('pictures_set', { product, hashes });
    });
  const repair = (enlarge: boolean): void => attempt('repair', async () => say(await call('pictures_repair', { products: [product], allow_enlarge: enlarge })));
  const move = (at: number, by: 1 | -1): void => {
    const hashes = list.map((one) => one.hash);
    const [one] = hashes.splice(at, 1);
    if (one !== undefined) hashes.splice(at + by, 0, one);
    set(hashes);
  };
  const findings = list.flatMap((one) => one.findings);
  const small = findings.some((finding) => finding.id === 'IMG03');
  return (
    <>
      <div className="lib-pictools">
        <Button icon={IconPlus} busy={busy === 'add' ? l('pictures.adding') : null} onClick={add}>
          {l('pictures.add')}
        </Button>
        {findings.length > 0 ? (
          <Button icon={IconWrench} busy={busy === 'repair' ? l('batch.repairing') : null} onClick={() => repair(false)}>
            {l('pictures.repair')}
          </Button>
        ) : null}
        {small ? (
          <Button kind="link" label={l('pictures.enlarge.note')} onClick={() => repair(true)}>
            {l('pictures.enlarge')}
          </Button>
        ) : null}
      </div>
      {list.length === 0 ? <Empty title={l('pictures.none')} /> : null}
      {list.map((one, at) => (
        <div key={one.hash} className="lib-picture">
          <img src={host().pictureUrl(one.hash, 192)} alt={at === 0 ? l('pictures.main') : `${l('drawer.pictures')} ${at + 1}`} width={72} height={72} loading="lazy" />
          <div className="grow">
            <div className="lib-picline">
              <b>{at === 0 ? l('pictures.main') : l('pictures.nth', { n: at + 1 })}</b>
              <span className="t3 small grow cut">
                {one.width}×{one.height}　{bytes(one.bytes)}　{one.format.toUpperCase()}
              </span>
              {at > 0 ? <Button kind="text" size="row" icon={IconChevronLeft} label={l('pictures.earlier')} onClick={() => move(at, -1)} /> : null}
              {at < list.length - 1 ? <Button kind="text" size="row" icon={IconChevronRight} label={l('pictures.later')} onClick={() => move(at, 1)} /> : null}
              <Button kind="text" size="row" icon={IconTrash2} label={l('pictures.off')} onClick={() => set(list.filter((other) => other !== one).map((other) => other.hash))} />
            </div>
            {one.findings.map((finding, index) => (
              <div key={index} className="lib-picfinding small">
                <SeverityIcon severity={finding.severity === 'error' ? 'error' : finding.severity === 'warning' ? 'warning' : 'info'} />
                <span>{findingWords(finding.id, finding.params, finding.id).what}</span>
              </div>
            ))}
            {one.findings.length === 0 ? <span className="t3 small">{l('pictures.ok')}</span> : null}
          </div>
        </div>
      ))}
    </>
  );
}

import { Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { useEscape, useKeys } from '../hooks';
import { t } from '../messages';
import { Button } from './Button';

export interface DialogProps {
  title: ReactNode;
  children: ReactNode;
  /** Buttons at the right: cancel first, primary last. */
  actions: ReactNode;
  /** A link at the left of the buttons. */
  aside?: ReactNode;
  width?: number;
  onClose: () => void;
  /** Ctrl Enter. */
  onConfirm?: () => void;
}

/** A dialog: only for what leaves the machine, cannot be undone, or is a guided step-by-step. */
export function Dialog({ title, children, actions, aside, width = 440, onClose, onConfirm }: DialogProps): ReactNode {
  useEscape(true, onClose);
  return (
    <Modal open centered title={title} width={width} onCancel={onClose} keyboard={false} mask={{ closable: false }} closable={false} footer={null} destroyOnHidden transitionName="" maskTransitionName="">
      <ConfirmKey run={onConfirm} />
      <div className="dialog-body">{children}</div>
      <div className="dialog-foot">
        {/* First in sight, last in the order of focus: a dialog starts on 取消. */}
        {actions}
        <div className="dialog-aside">{aside}</div>
      </div>
    </Modal>
  );
}

function ConfirmKey({ run }: { run: (() => void) | undefined }): ReactNode {
  useKeys(run ? { 'Mod+Enter': run } : {}, 'dialog');
  return null;
}

/** Asks before something leaves the machine. Focus starts on 取消. */
export function ConfirmDialog({ title, children, confirm, busy, blocked, aside, width, onConfirm, onClose }: { title: ReactNode; children: ReactNode; confirm: string; width?: number; busy?: string | null; blocked?: string | null; aside?: ReactNode; onConfirm: () => void; onClose: () => void }): ReactNode {
  const run = (): void => {
    if (!busy && !blocked) onConfirm();
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onConfirm={run}
      aside={aside}
      {...(width === undefined ? {} : { width })}
      actions={
        <>
          <Button autoFocus hint="Esc" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button kind="primary" hint="Ctrl Enter" busy={busy} blocked={blocked} onClick={run}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}

/** Deleting data asks for the name of what is deleted; the only place with a solid red button. */
export function TypedConfirmDialog({ title, name, children, confirm, busy, onConfirm, onClose }: { title: ReactNode; name: string; children: ReactNode; confirm: string; busy?: string | null; onConfirm: () => void; onClose: () => void }): ReactNode {
  const [typed, setTyped] = useState('');
  const ready = typed.trim() === name;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <input className="field grow" value={typed} placeholder={t('confirm.typeName', { name })} aria-label={t('confirm.typeName', { name })} onChange={(event) => setTyped(event.target.value)} />
          <Button autoFocus onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button kind="dangerSolid" busy={busy} blocked={ready ? null : t('confirm.typeName', { name })} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}

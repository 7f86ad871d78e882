import { host, toWireError, type WireError } from '../host';
import type { Commands } from './generated';

/** Names of the api's commands. */
export type Command = keyof Commands & string;
export type Request<C extends Command> = Commands[C]['request'];
export type Response<C extends Command> = Commands[C]['response'];

/** A refused or failed command. `code` picks the words (shared/errors), `detail` is for the log. */
export class ApiError extends Error {
  readonly code: string;
  readonly params: Record<string, unknown>;
  readonly detail: string | null;
  readonly trace: string | null;

  constructor(wire: WireError, command: string) {
    super(`${command}: ${wire.code}`);
    this.name = 'ApiError';
    this.code = wire.code;
    this.params = wire.params ?? {};
    this.detail = wire.detail ?? null;
    this.trace = wire.trace ?? null;
  }
}

/** Calls one command. */
export async function call<C extends Command>(command: C, request: Request<C>): Promise<Response<C>> {
  try {
    return (await host().rpc(command, request)) as Response<C>;
  } catch (cause) {
    throw new ApiError(toWireError(cause), command);
  }
}

/*
 * Reading through react-query. A query names the data tags it shows; a `changed` event of
 * the api carries tags and makes exactly those queries read again. Rust does the retrying
 * and everything works offline, so there are no retries and no network mode here.
 */
import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useReducer } from 'react';
import { call, type Command, type Request, type Response } from './client';

/** Kinds of data the api says it changed. */
export type Tag = 'products' | 'listings' | 'bindings' | 'orders' | 'exceptions' | 'stores' | 'tasks' | 'findings' | 'settings' | 'stock' | 'printing';

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { networkMode: 'always', retry: false, staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

function touches(meta: Record<string, unknown> | undefined, tags: ReadonlySet<string>): boolean {
  const own = meta?.['tags'];
  return Array.isArray(own) && own.some((tag) => typeof tag === 'string' && tags.has(tag));
}

type TagListener = (tags: ReadonlySet<string>) => void;
const tagListeners = new Set<TagListener>();

/** Called for every `changed` event (app/main.tsx) and after a mutation of the page itself. */
export function markChanged(client: QueryClient, tags: readonly string[]): void {
  const set = new Set(tags);
  void client.invalidateQueries({ predicate: (query) => touches(query.meta, set) });
  for (const listener of tagListeners) listener(set);
}

/** Reads once and again whenever one of `tags` changes; keeps the old answer meanwhile. */
export function useCall<C extends Command>(command: C, request: Request<C>, tags: readonly Tag[], options: { enabled?: boolean; every?: number } = {}): UseQueryResult<Response<C>> {
  return useQuery({
    queryKey: [command, request],
    queryFn: () => call(command, request),
    meta: { tags: [...tags] },
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
    refetchInterval: options.every ?? false,
  }) as UseQueryResult<Response<C>>;
}

/** Writes. The api announces what changed; `tags` names it too, so that nothing waits for the event. */
export function useAction<C extends Command>(command: C, tags: readonly Tag[]): UseMutationResult<Response<C>, Error, Request<C>> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: Request<C>) => call(command, request),
    onSuccess: () => markChanged(client, tags),
  });
}

/** A number that grows whenever one of `tags` changes: the `version` of a grid's source. */
export function useVersion(tags: readonly Tag[]): number {
  const [version, bump] = useReducer((count: number) => count + 1, 0);
  const key = tags.join(',');
  useEffect(() => {
    const wanted = key.split(',');
    // Several changes of one moment make one reading.
    let timer: ReturnType<typeof setTimeout> | null = null;
    const listener: TagListener = (changed) => {
      if (!wanted.some((tag) => changed.has(tag)) || timer !== null) return;
      timer = setTimeout(() => {
        timer = null;
        bump();
      }, 120);
    };
    tagListeners.add(listener);
    return () => {
      if (timer !== null) clearTimeout(timer);
      tagListeners.delete(listener);
    };
  }, [key]);
  return version;
}

/*
 * The commands the window calls: name -> request and response. Field names are those of
 * the Rust side (snake_case); ids are row ids, remote ids and codes are text, money is
 * fen, times are UTC milliseconds.
 */
export interface Commands {
  /** Words that belong to codes, as a nested table. */
  messages_get: { request: { lang: string }; response: unknown };
}

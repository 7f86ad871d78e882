// Made from the Rust crate `api` by its test `typescript_is_current`. Do not edit.

export type AccountAdd = { 
/**
 * Platform or ERP id.
 */
service: string, 
/**
 * Label; may be empty.
 */
name: string, 
/**
 * Own endpoint.
 */
endpoint?: string | null, 
/**
 * Settings.
 */
settings: { [key in string]: string }, 
/**
 * Fields by key. They cross once, inward, and are never sent back.
 */
credentials: { [key in string]: string }, };
export type AccountAdded = { 
/**
 * Row id.
 */
account: number, 
/**
 * Credentials outlive this run.
 */
kept: boolean, };
export type AccountView = { 
/**
 * Row id.
 */
id: number, 
/**
 * `platform` or `erp`.
 */
kind: string, 
/**
 * Platform or ERP id.
 */
service: string, 
/**
 * Label.
 */
name: string, 
/**
 * `none`, `valid`, `expired`, `revoked`, `vault_unavailable`.
 */
state: string, 
/**
 * The platform's own words for it.
 */
state_text: string, 
/**
 * UTC ms.
 */
state_since: number, 
/**
 * End of the token's life, UTC ms.
 */
expires_at: number | null, 
/**
 * Own endpoint; may be empty.
 */
endpoint: string, 
/**
 * Settings that are no secrets.
 */
settings: { [key in string]: string }, 
/**
 * Which credential fields are set, masked.
 */
masked: { [key in string]: string }, 
/**
 * Of an ERP: when its items were read last, UTC ms.
 */
items_read_at: number | null, };
export type AppStatus = { 
/**
 * Program version.
 */
version: string, 
/**
 * A demo shop is open.
 */
demo: boolean, 
/**
 * False in a second copy: reading only.
 */
can_write: boolean, 
/**
 * Library products.
 */
products: number, 
/**
 * Library SKUs.
 */
skus: number, 
/**
 * Stores in use.
 */
stores: number, 
/**
 * Listing SKUs.
 */
listings: number, 
/**
 * Listing SKUs without a binding.
 */
unbound: number, 
/**
 * Preflight findings that block, from the last run.
 */
blocks: number, 
/**
 * Orders stored.
 */
orders: number, 
/**
 * Exception orders.
 */
exceptions: number, 
/**
 * Their money.
 */
exceptions_fen: number, 
/**
 * Accounts whose authorization is dead.
 */
dead_authorizations: number, 
/**
 * Printers in use.
 */
printers: number, 
/**
 * Labels of those that are offline or do not print.
 */
printers_down: Array<string>, 
/**
 * Slips of which only the manager can say what became, and slips that were not printed.
 */
slips_asking: number, 
/**
 * Tasks and orders waiting to be sent.
 */
outbox: number, 
/**
 * Jobs running.
 */
running_jobs: number, 
/**
 * The last call got through.
 */
online: boolean, 
/**
 * State of the keychain, `vault.ready` and so on.
 */
vault: WordsView, 
/**
 * Credentials outlive this run.
 */
vault_lasting: boolean, 
/**
 * Last reading of orders, UTC ms.
 */
orders_read_at: number | null, 
/**
 * Last reading of listings, UTC ms.
 */
listings_read_at: number | null, 
/**
 * Last verified backup, UTC ms.
 */
backup_at: number | null, 
/**
 * A store, or a whole service, that waits because the other side asks to.
 */
throttled: StoreBadge | null, 
/**
 * For how long yet.
 */
throttled_ms: number, 
/**
 * The app's clock, UTC ms.
 */
now: number, };
export type AskedWith = { 
/**
 * The other field.
 */
field: string, 
/**
 * Its value.
 */
value: string, };
export type AttributeView = { 
/**
 * Key in requests.
 */
key: string, 
/**
 * Name for a person.
 */
name: string, 
/**
 * A product without it is refused.
 */
required: boolean, 
/**
 * Values to choose from; empty for free text.
 */
values: Array<string>, };
export type AuthorizeRequest = { 
/**
 * Account.
 */
account: number, 
/**
 * Fields to replace.
 */
credentials: { [key in string]: string }, };
export type BackupView = { 
/**
 * Full path.
 */
path: string, 
/**
 * File name.
 */
name: string, 
/**
 * Size.
 */
bytes: number, 
/**
 * UTC ms.
 */
at: number, 
/**
 * Products in it; unknown when the file cannot be read as a backup.
 */
products: number | null, 
/**
 * Orders in it; unknown when the file cannot be read as a backup.
 */
orders: number | null, };
export type Backups = { 
/**
 * The list.
 */
backups: Array<BackupView>, };
export type BatchView = { 
/**
 * Batch id.
 */
id: number, 
/**
 * UTC ms.
 */
at: number, 
/**
 * Who; `auto` is the app itself.
 */
actor: string, 
/**
 * What.
 */
title: WordsView, 
/**
 * Rows changed.
 */
changes: number, 
/**
 * Taken back already.
 */
undone: boolean, 
/**
 * Can be undone now.
 */
undoable: boolean, };
export type BindPair = { 
/**
 * Theirs.
 */
listing_sku: number, 
/**
 * Ours.
 */
sku: number, };
export type BindRefusal = { 
/**
 * Theirs.
 */
listing_sku: number, 
/**
 * Ours.
 */
sku: number, 
/**
 * Why.
 */
words: WordsView, };
export type BindReport = { 
/**
 * The undoable batch.
 */
batch: number | null, 
/**
 * Bound now.
 */
bound: number, 
/**
 * Not bound.
 */
refused: Array<BindRefusal>, 
/**
 * Orders pushed again because of it.
 */
repushed: number, };
export type BindRequest = { 
/**
 * The pairs.
 */
pairs: Array<BindPair>, 
/**
 * Take the library SKU away from where it is bound in that store.
 */
rebind: boolean, };
export type BindingsExport = { 
/**
 * Target file, xlsx or csv by its extension.
 */
path: string, 
/**
 * Row ids; empty means all.
 */
stores: Array<number>, };
export type BindingsRejection = { 
/**
 * Row in the file, as the sheet program numbers it.
 */
row: number, 
/**
 * What was looked for.
 */
value: string, 
/**
 * Why.
 */
words: WordsView, };
export type BindingsView = { 
/**
 * Rows with anything in them.
 */
rows: number, 
/**
 * Bindings made.
 */
bound: number, 
/**
 * There already.
 */
unchanged: number, 
/**
 * Rows not taken.
 */
rejected: Array<BindingsRejection>, 
/**
 * How many there are in all.
 */
rejected_total: number, 
/**
 * The undoable batch, after a run.
 */
batch: number | null, 
/**
 * Orders pushed again because of it.
 */
repushed: number, };
export type BranchView = { 
/**
 * 线下门店编号.
 */
code: string, 
/**
 * Name.
 */
name: string, 
/**
 * In use.
 */
active: boolean, };
export type Branches = { 
/**
 * The list.
 */
branches: Array<BranchView>, };
export type CategoriesRequest = { 
/**
 * The store.
 */
store: number, 
/**
 * Read them from the platform now; otherwise as last read.
 */
fresh: boolean, 
/**
 * The product whose present choice is asked for.
 */
product?: number | null, };
export type CategoriesView = { 
/**
 * When it was read, UTC ms.
 */
read_at: number, 
/**
 * All of it, parents before children.
 */
categories: Array<CategoryView>, 
/**
 * The platform tells what a 类目 asks of a product.
 */
asks: boolean, 
/**
 * What was chosen for the product before, or what the platform has; may be empty.
 */
chosen: string, 
/**
 * What was given for it.
 */
attributes: { [key in string]: string }, };
export type CategoryAsks = { 
/**
 * The list.
 */
attributes: Array<AttributeView>, };
export type CategoryChange = { 
/**
 * The store; the choice is kept for its platform.
 */
store: number, 
/**
 * Library products.
 */
products: Array<number>, 
/**
 * Platform id of the 类目.
 */
category: string, 
/**
 * Values by key.
 */
attributes: { [key in string]: string }, };
export type CategoryChanged = { 
/**
 * The undoable batch.
 */
batch: number | null, 
/**
 * The sync of these products.
 */
job: number, };
export type CategoryNode = { 
/**
 * Row id.
 */
id: number, 
/**
 * Node above.
 */
parent: number | null, 
/**
 * Name of this level.
 */
name: string, 
/**
 * Products in it and below.
 */
products: number, };
export type CategoryRequest = { 
/**
 * The store.
 */
store: number, 
/**
 * Platform id of the 类目.
 */
category: string, };
export type CategoryTarget = { 
/**
 * Where.
 */
store: number, 
/**
 * Which.
 */
product: number, 
/**
 * What a person calls it.
 */
name: string, };
export type CategoryView = { 
/**
 * Platform id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Platform id of the parent; empty at the first level.
 */
parent: string, 
/**
 * Products can be put into it.
 */
leaf: boolean, 
/**
 * The platform says that this merchant may not sell in it.
 */
forbidden: boolean, };
export type CharCell = { 
/**
 * The character; a mark where it cannot be seen.
 */
text: string, 
/**
 * `same`, `different`, `missing`, `hidden`.
 */
state: string, 
/**
 * `U+00D7` where it differs; else empty.
 */
code_point: string, };
export type CharDiffRow = { 
/**
 * Which field.
 */
field: string, 
/**
 * The order's text.
 */
order: Array<CharCell>, 
/**
 * The other one.
 */
listing: Array<CharCell>, };
export type ChoiceView = { 
/**
 * The value.
 */
value: string, 
/**
 * As people call it.
 */
label: string, };
export type ComparedView = { 
/**
 * UTC ms.
 */
at: number, 
/**
 * Orders that the platform listed.
 */
listed: number, 
/**
 * Those that were missing here; they are here now.
 */
missing: number, };
export type ConditionView = { 
/**
 * `on_shelf`, `sellable`, `group`, `stock`, `review`, `store_open`.
 */
kind: string, 
/**
 * Whether it holds; nothing where the platform does not tell.
 */
holds: boolean | null, 
/**
 * Pieces in stock.
 */
number: number | null, 
/**
 * The group it stands in; of a review `pending` or `rejected`.
 */
text: string, 
/**
 * What helps: `put_on_shelf` (a command), `stock`, `sync`, `bind` (pages), `back_office`, `review` (advice); empty
 * when it holds.
 */
way: string, };
export type ConnectionStepView = { 
/**
 * `key`, `signature`, `permission`, `store`, `orders`; of an ERP `branch`, `items` in place of the last two.
 */
step: string, 
/**
 * `ok`, `failed`, `not_tested`.
 */
state: string, 
/**
 * What was found.
 */
words: WordsView, 
/**
 * The platform's own text.
 */
raw: string, 
/**
 * How long.
 */
took_ms: number, };
export type ConnectionView = { 
/**
 * UTC ms.
 */
at: number, 
/**
 * Every layer is good.
 */
ok: boolean, 
/**
 * Layers, inner to outer.
 */
steps: Array<ConnectionStepView>, };
export type ConsentPage = { 
/**
 * The platform's page.
 */
page: string, 
/**
 * Where it leads back to: the application has to be registered with this address.
 */
return_to: string, 
/**
 * The browser was opened.
 */
shown: boolean, };
export type ConsentPaste = { 
/**
 * Account.
 */
account: number, 
/**
 * The whole address, or the code alone.
 */
text: string, };
export type ConsentView = { 
/**
 * `none`, `waiting`, `done`, `failed`.
 */
state: string, 
/**
 * Why it failed.
 */
words: WordsView | null, };
export type Count = { 
/**
 * Number.
 */
count: number, };
export type CredentialFieldView = { 
/**
 * Key.
 */
key: string, 
/**
 * Label in the merchant's words.
 */
label: string, 
/**
 * Masked.
 */
secret: boolean, 
/**
 * May stay empty.
 */
optional: boolean, 
/**
 * `digits`, `hex`, `any`.
 */
shape: string, 
/**
 * The values there are; empty where anything can be typed.
 */
choices: Array<ChoiceView>, 
/**
 * Asked for only then; always where there is nothing.
 */
asked_with: AskedWith | null, };
export type DeleteReport = { 
/**
 * The undoable batch.
 */
batch: number | null, 
/**
 * Products taken out.
 */
deleted: number, 
/**
 * Products that are bound and were left (F01e).
 */
bound: Array<number>, };
export type Descriptors = { 
/**
 * Sales platforms in the house order.
 */
platforms: Array<ServiceView>, 
/**
 * ERPs.
 */
erps: Array<ServiceView>, };
export type DiagnosticsView = { 
/**
 * Where it was written.
 */
path: string, 
/**
 * Size.
 */
bytes: number, 
/**
 * Names inside.
 */
files: Array<string>, 
/**
 * Values that were blacked out.
 */
redactions: number, };
export type DoctorCheck = { 
/**
 * What was checked and how it is.
 */
words: WordsView, 
/**
 * Good.
 */
ok: boolean, };
export type DoctorReport = { 
/**
 * In order.
 */
checks: Array<DoctorCheck>, };
export type EditRejection = { 
/**
 * Which SKU.
 */
sku: number, 
/**
 * Which field.
 */
field: string, 
/**
 * The value.
 */
value: string, 
/**
 * Why.
 */
words: WordsView, };
export type EditReport = { 
/**
 * The undoable batch; none when nothing changed.
 */
batch: number | null, 
/**
 * Rows changed.
 */
changed: number, 
/**
 * Cells that were not taken.
 */
rejected: Array<EditRejection>, 
/**
 * What the change will lead to (orders that would stop matching, F01a).
 */
warnings: Array<WordsView>, };
export type Empty = Record<symbol, never>;
export type ErpItemView = { 
/**
 * 系统编码.
 */
code: string, 
/**
 * Name.
 */
name: string, 
/**
 * Barcode.
 */
barcode: string, 
/**
 * Unit.
 */
unit: string, 
/**
 * Price.
 */
price_fen: number | null, 
/**
 * Why it is suggested: `barcode`, `name`, `search`.
 */
reason: string, };
export type ErpItems = { 
/**
 * Best first.
 */
items: Array<ErpItemView>, 
/**
 * When they were read from the ERP, UTC ms: of several ERPs the longest ago; `None` where one was never read.
 */
read_at: number | null, 
/**
 * That is too long ago to be relied on.
 */
old: boolean, };
export type ErpMoveBranch = { 
/**
 * 线下门店编号; empty for stores that have none.
 */
old: string, 
/**
 * The new one; `None` while it is not known.
 */
new: string | null, 
/**
 * Names of its stores.
 */
stores: Array<string>, };
export type ErpMoveItem = { 
/**
 * 系统编码.
 */
code: string, 
/**
 * Name.
 */
name: string, 
/**
 * Barcode.
 */
barcode: string, };
export type ErpMoveRequest = { 
/**
 * ERP account to leave.
 */
from: number, 
/**
 * ERP account to go to.
 */
to: number, 
/**
 * The new branch of each old one.
 */
branches: { [key in string]: string }, 
/**
 * Codes chosen for SKUs, by row id; an empty one leaves the SKU without a code.
 */
choices: { [key in number]: string }, };
export type ErpMoveRow = { 
/**
 * Row id.
 */
sku: number, 
/**
 * Product and spec.
 */
name: string, 
/**
 * Its barcode.
 */
barcode: string, 
/**
 * Its code now.
 */
old_code: string, 
/**
 * Its code afterwards.
 */
new_code: string, 
/**
 * The item it becomes, or all that could be meant.
 */
items: Array<ErpMoveItem>, };
export type ErpMoveView = { 
/**
 * When the new ERP's items were read, UTC ms.
 */
items_read_at: number, 
/**
 * Branches there.
 */
there: Array<BranchView>, 
/**
 * Branches to be found again.
 */
branches: Array<ErpMoveBranch>, 
/**
 * SKUs by how they were found, the most urgent way first.
 */
ways: Array<ErpMoveWay>, 
/**
 * Orders in the old books: they stay.
 */
booked: number, 
/**
 * Orders whose outcome at the old ERP is unknown: settled there first.
 */
unsettled: number, 
/**
 * Orders in no books: they go to the new ERP.
 */
waiting: number, };
export type ErpMoveWay = { 
/**
 * `ambiguous`, `none`, `chosen`, `name`, `code`, `barcode`.
 */
way: string, 
/**
 * How many.
 */
count: number, 
/**
 * The first of them, at most 500.
 */
rows: Array<ErpMoveRow>, };
export type ErpMovedView = { 
/**
 * The batch that undoes it.
 */
batch: number | null, 
/**
 * SKUs whose code changed.
 */
relinked: number, 
/**
 * Stores that moved.
 */
stores: number, 
/**
 * Exceptions that are tried again.
 */
repushed: number, };
export type ErpReadView = { 
/**
 * Items read.
 */
items: number, 
/**
 * Codes that were there last time and are not any more.
 */
vanished: Array<string>, 
/**
 * Orders that are pushed again because of it.
 */
repushed: number, };
export type ErpSearchRequest = { 
/**
 * Suggest for this SKU: by barcode, then name.
 */
sku: number | null, 
/**
 * Or by text.
 */
text: string, };
export type ExceptionGroupView = { 
/**
 * Row of problems.md; words are `finding.<cause>`.
 */
cause: string, 
/**
 * Orders.
 */
orders: number, 
/**
 * Their money.
 */
total_fen: number, 
/**
 * Oldest order, UTC ms.
 */
oldest_at: number, 
/**
 * Stores concerned.
 */
stores: Array<StoreBadge>, 
/**
 * Products concerned.
 */
items: number, 
/**
 * Values of the first, for the words.
 */
params: { [key in string]: string }, 
/**
 * Best first; each runs for the whole group.
 */
remedies: Array<RemedyView>, 
/**
 * Orders whose automatic retries stopped.
 */
stopped: number, 
/**
 * How sure the diagnosis is, 0 to 1.
 */
confidence: number, };
export type ExceptionOrderPage = { 
/**
 * Rows.
 */
rows: Array<OrderRow>, };
export type ExceptionOrders = { 
/**
 * Row of problems.md; empty means all.
 */
cause: string, 
/**
 * Row ids; empty means all.
 */
stores: Array<number>, };
export type ExceptionQuery = { 
/**
 * Row ids; empty means all.
 */
stores: Array<number>, };
export type ExceptionView = { 
/**
 * Order row id.
 */
order: number, 
/**
 * Order number.
 */
number: string, 
/**
 * Row of problems.md.
 */
cause: string, 
/**
 * Values for the words.
 */
params: { [key in string]: string }, 
/**
 * The ERP's own text.
 */
raw: string, 
/**
 * UTC ms.
 */
since: number, 
/**
 * Identical failures in a row.
 */
same_failures: number, 
/**
 * Automatic retries stopped.
 */
stopped: boolean, 
/**
 * The line it is about; may be empty.
 */
line_name: string, 
/**
 * 匹配模拟; empty when it is not about matching.
 */
match_table: Array<MatchFieldView>, 
/**
 * Hits of the first-push rule.
 */
hits_first: number, 
/**
 * Hits of the repush rule.
 */
hits_repush: number, 
/**
 * 逐字对比.
 */
diff: Array<CharDiffRow>, 
/**
 * 可能的原因.
 */
causes: Array<RankedCauseView>, 
/**
 * 处理办法, best first.
 */
remedies: Array<RemedyView>, };
export type ExceptionsView = { 
/**
 * Orders.
 */
total: number, 
/**
 * Their money.
 */
total_fen: number, 
/**
 * Most urgent first.
 */
groups: Array<ExceptionGroupView>, 
/**
 * What solved itself today.
 */
healed_today: Array<HealedView>, };
export type ExportReport = { 
/**
 * The file.
 */
path: string, 
/**
 * Rows written.
 */
rows: number, };
export type ExportRequest = { 
/**
 * Target file, xlsx or csv by its extension.
 */
path: string, 
/**
 * As in the grid.
 */
search: string, 
/**
 * As in the grid.
 */
category?: number | null, 
/**
 * As in the grid.
 */
view: string, 
/**
 * As in the grid.
 */
state: string, 
/**
 * As in the grid.
 */
stores: Array<number>, 
/**
 * As in the grid.
 */
price_from_fen?: number | null, 
/**
 * As in the grid.
 */
price_to_fen?: number | null, };
export type FactView = { 
/**
 * `fact.<code>` with `value`.
 */
words: WordsView, 
/**
 * Supported.
 */
can: boolean, };
export type FindingGroup = { 
/**
 * Stable id, words are `finding.<id>`.
 */
id: string, 
/**
 * `error`, `warning` or `hint`.
 */
severity: string, 
/**
 * How many.
 */
count: number, 
/**
 * Values of the first one, for the words.
 */
params: { [key in string]: string }, 
/**
 * Platforms concerned.
 */
platforms: Array<string>, 
/**
 * The remedy that fits all, when there is one.
 */
remedy: RemedyView | null, 
/**
 * The first hundred.
 */
samples: Array<FindingView>, };
export type FindingView = { 
/**
 * Stable id, words are `finding.<id>`.
 */
id: string, 
/**
 * `error`, `warning` or `hint`.
 */
severity: string, 
/**
 * What it is about, as text a person knows (product and spec name, order number, store name).
 */
subject: string, 
/**
 * Product, when it is about one.
 */
product: number | null, 
/**
 * SKU, when it is about one.
 */
sku: number | null, 
/**
 * Store, when it is about one.
 */
store: number | null, 
/**
 * Values for the words.
 */
params: { [key in string]: string }, 
/**
 * The platform's own text, may be empty.
 */
raw: string, 
/**
 * Best first.
 */
remedies: Array<RemedyView>, };
export type FixGroupReport = { 
/**
 * The undoable batch.
 */
batch: number | null, 
/**
 * Findings dealt with.
 */
fixed: number, 
/**
 * Findings that need the manager.
 */
left: number, };
export type FixGroupRequest = { 
/**
 * Finding id.
 */
id: string, 
/**
 * Only in this store.
 */
store: number | null, };
export type GroupView = { 
/**
 * Platform id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Platform id of the parent; empty at the first level.
 */
parent: string, };
export type GroupsOrder = { 
/**
 * The store.
 */
store: number, 
/**
 * Platform id of the parent; empty at the first level.
 */
parent: string, 
/**
 * Platform ids of all groups there, in the order wanted.
 */
ids: Array<string>, };
export type GroupsView = { 
/**
 * Parents before children, siblings in the order of the platform.
 */
groups: Array<GroupView>, 
/**
 * After a change: they stand as asked.
 */
as_asked: boolean, };
export type HealedView = { 
/**
 * Row of problems.md.
 */
cause: string, 
/**
 * How many.
 */
orders: number, };
export type History = { 
/**
 * The list.
 */
batches: Array<BatchView>, };
export type HistoryRequest = { 
/**
 * Of one product.
 */
product?: number | null, 
/**
 * Batches before this id.
 */
before?: number | null, 
/**
 * How many.
 */
limit: number, };
export type IdRequest = { 
/**
 * Row id.
 */
id: number, };
export type ImportPreview = { 
/**
 * Product rows read.
 */
rows: number, 
/**
 * New.
 */
created: number, 
/**
 * Changed.
 */
updated: number, 
/**
 * The same.
 */
unchanged: number, 
/**
 * Rows or cells not taken.
 */
rejected: Array<ImportRejection>, 
/**
 * How many there are in all.
 */
rejected_total: number, 
/**
 * Rows that are no goods (headers, totals, blanks).
 */
skipped: number, 
/**
 * Some rows of each kind.
 */
samples: Array<ImportSample>, 
/**
 * The undoable batch, after a run.
 */
batch: number | null, };
export type ImportRejection = { 
/**
 * Row in the file, as the sheet program numbers it.
 */
row: number, 
/**
 * Column title.
 */
column: string, 
/**
 * The value.
 */
value: string, 
/**
 * Why.
 */
words: WordsView, };
export type ImportRequest = { 
/**
 * The file.
 */
path: string, 
/**
 * Field key to 0-based column; empty takes what was recognised.
 */
columns: { [key in string]: number }, };
export type ImportSample = { 
/**
 * Row in the file.
 */
row: number, 
/**
 * `created`, `updated`.
 */
kind: string, 
/**
 * 商品名称.
 */
name: string, 
/**
 * Spec or size.
 */
spec: string, 
/**
 * `field: old → new` for changed ones.
 */
changes: Array<string>, };
export type JobDetail = { 
/**
 * Head.
 */
job: JobView, 
/**
 * Tasks by state.
 */
states: { [key in string]: number }, 
/**
 * By cause.
 */
rejections: Array<SyncRejection>, 
/**
 * The first five hundred.
 */
tasks: Array<TaskView>, };
export type JobList = { 
/**
 * The list.
 */
jobs: Array<JobView>, 
/**
 * Outbox tasks by state.
 */
outbox: { [key in string]: number }, };
export type JobStarted = { 
/**
 * Its row in the task centre.
 */
job: number, };
export type JobView = { 
/**
 * Row id.
 */
id: number, 
/**
 * Words are `job.<kind>`.
 */
kind: string, 
/**
 * Its store.
 */
store: StoreBadge | null, 
/**
 * `running`, `paused`, `done`, `cancelled`, `failed`, `interrupted`.
 */
state: string, 
/**
 * Units in all.
 */
total: number, 
/**
 * Units done.
 */
done: number, 
/**
 * UTC ms.
 */
created_at: number, 
/**
 * UTC ms.
 */
finished_at: number | null, 
/**
 * Values for the words.
 */
params: { [key in string]: string }, 
/**
 * Result by kind.
 */
result: unknown, 
/**
 * Why it failed.
 */
error: WordsView | null, };
export type LibraryCounts = { 
/**
 * View name to products.
 */
views: { [key in string]: number }, 
/**
 * The tree with counts.
 */
categories: Array<CategoryNode>, };
export type LibraryEdit = { 
/**
 * Which SKU.
 */
sku: number, 
/**
 * `name`, `category` (path with slashes), `brand`, `description`, `spec_name`, `size_text`, `item_code`, `barcode`, `unit`, `price`, `cost`, `stock`, `base_quantity`.
 */
field: string, 
/**
 * New text; prices in yuan.
 */
value: string, };
export type LibraryEdits = { 
/**
 * The cells.
 */
edits: Array<LibraryEdit>, };
export type LibraryPage = { 
/**
 * Products that match.
 */
total: number, 
/**
 * Their SKUs.
 */
total_skus: number, 
/**
 * Rows.
 */
products: Array<ProductRow>, };
export type LibraryQuery = { 
/**
 * Name, pinyin initials or full pinyin, item code, barcode; empty shows all.
 */
search: string, 
/**
 * A category and what is below it.
 */
category?: number | null, 
/**
 * `all`, `no_barcode`, `no_code`, `no_picture`, `findings`, `unsynced`, `recent`.
 */
view: string, 
/**
 * With a SKU in this state in one of `stores`: `none`, `off`, `synced`, `review`, `pending`, `warning`, `rejected`;
 * empty shows all.
 */
state: string, 
/**
 * With a price from here up.
 */
price_from_fen?: number | null, 
/**
 * With a price up to here.
 */
price_to_fen?: number | null, 
/**
 * `id`, `name`, `price`, `updated`; empty is `id`.
 */
sort: string, 
/**
 * Reverse.
 */
descending: boolean, 
/**
 * Limit the states to these stores.
 */
stores: Array<number>, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * Rows to give, at most 500.
 */
limit: number, };
export type LinkRequest = { 
/**
 * Row ids.
 */
listing_skus: Array<number>, };
export type ListingPage = { 
/**
 * Listing SKUs that match.
 */
total: number, 
/**
 * Counts of the views.
 */
counts: { [key in string]: number }, 
/**
 * Rows.
 */
rows: Array<ListingRow>, };
export type ListingQuery = { 
/**
 * Row ids; empty means all.
 */
stores: Array<number>, 
/**
 * Name, code, barcode, platform id.
 */
search: string, 
/**
 * `all`, `bound`, `unbound`, `no_code`, `off`, `review`, `duplicate`, `changed`, `gone`.
 */
view: string, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * Rows to give, at most 500.
 */
limit: number, };
export type ListingRow = { 
/**
 * Listing SKU row id.
 */
id: number, 
/**
 * Where.
 */
store: StoreBadge, 
/**
 * Listing row id.
 */
listing: number, 
/**
 * The platform's id.
 */
remote_id: string, 
/**
 * 商品名称 there.
 */
name: string, 
/**
 * 规格名称 there.
 */
spec_name: string, 
/**
 * 第三方SKU编码 there.
 */
outer_sku_code: string, 
/**
 * Code it had before.
 */
code_was: string, 
/**
 * Spec name it had before.
 */
spec_was: string, 
/**
 * Barcode there.
 */
barcode: string, 
/**
 * Price there.
 */
price_fen: number | null, 
/**
 * Stock there.
 */
stock: number | null, 
/**
 * Group path with slashes.
 */
group: string, 
/**
 * Address there; may be empty. Not loaded by the window.
 */
picture: string, 
/**
 * On the shelf.
 */
on_sale: boolean, 
/**
 * `none`, `pending`, `rejected`.
 */
review: string, 
/**
 * UTC ms.
 */
review_since: number | null, 
/**
 * UTC ms.
 */
read_at: number, 
/**
 * Bound library SKU.
 */
sku: number | null, 
/**
 * Its product.
 */
product: number | null, 
/**
 * Product and spec it is bound to.
 */
bound_name: string, 
/**
 * Its library price.
 */
bound_price_fen: number | null, };
export type ListingsDelete = { 
/**
 * Listing row ids (products, not specs).
 */
listings: Array<number>, 
/**
 * How many products the manager has confirmed by typing; refused when it is another number.
 */
confirmed: number, };
export type MatchApplyRequest = { 
/**
 * Row id.
 */
store: number, 
/**
 * From here up; the window offers 0.95.
 */
min_score: number, };
export type MatchCandidate = { 
/**
 * Row id.
 */
sku: number, 
/**
 * Its product.
 */
product: number, 
/**
 * 商品名称.
 */
name: string, 
/**
 * 规格名称.
 */
spec_name: string, 
/**
 * Size text.
 */
size_text: string, 
/**
 * 商品编码.
 */
item_code: string, 
/**
 * 规格编码.
 */
barcode: string, 
/**
 * Price.
 */
price_fen: number | null, 
/**
 * Hash; may be empty.
 */
picture: string, 
/**
 * Calibrated probability, 0 to 1.
 */
score: number, 
/**
 * For and against.
 */
reasons: Array<MatchReason>, 
/**
 * Name of the listing it is bound to in this store; empty when free.
 */
bound_elsewhere: string, };
export type MatchFieldView = { 
/**
 * `outer_sku_code`, `product_name`, `spec_name`.
 */
field: string, 
/**
 * Text of the order.
 */
order: string, 
/**
 * Text of the nearest listing.
 */
listing: string, 
/**
 * `yes`, `no`, `ignored` under the first-push rule.
 */
first: string, 
/**
 * `yes`, `no`, `ignored` under the repush rule.
 */
repush: string, };
export type MatchReason = { 
/**
 * Words are `reason.<code>`.
 */
code: string, 
/**
 * Value for the words; may be empty.
 */
value: string, 
/**
 * For (true) or against.
 */
supports: boolean, };
export type MatchRequest = { 
/**
 * Row id.
 */
store: number, };
export type MatchRow = { 
/**
 * Row id.
 */
listing_sku: number, 
/**
 * 商品名称 there.
 */
name: string, 
/**
 * 规格名称 there.
 */
spec_name: string, 
/**
 * Barcode there.
 */
barcode: string, 
/**
 * Code there.
 */
outer_sku_code: string, 
/**
 * Price there.
 */
price_fen: number | null, 
/**
 * Platform id.
 */
remote_id: string, 
/**
 * `sure`, `look`, `without`, `surplus`.
 */
kind: string, 
/**
 * Exception orders that wait for it.
 */
waiting_orders: number, 
/**
 * Best first, at most five.
 */
candidates: Array<MatchCandidate>, };
export type MatchView = { 
/**
 * Which.
 */
store: StoreBadge, 
/**
 * Listings read, UTC ms.
 */
read_at: number | null, 
/**
 * Listing SKUs.
 */
total: number, 
/**
 * Bound already.
 */
bound: number, 
/**
 * Not bound.
 */
unmatched: number, 
/**
 * Of those, with a partner by code.
 */
candidates: number, 
/**
 * Proposals by barcode, code or name and spec that are one to one.
 */
exact: number, 
/**
 * Rows that share a code with another and cannot all bind.
 */
surplus: number, 
/**
 * Codes they share.
 */
surplus_groups: number, 
/**
 * Proposals from 0.95.
 */
sure: number, 
/**
 * Proposals worth a look.
 */
look: number, 
/**
 * Without any proposal.
 */
without: number, 
/**
 * All of them; the window filters.
 */
rows: Array<MatchRow>, };
export type Messages = { 
/**
 * Nested tables of texts.
 */
words: unknown, };
export type MessagesRequest = { 
/**
 * `zh-CN` or `en`.
 */
lang: string, };
export type NewProductRequest = { 
/**
 * 商品名称.
 */
name: string, 
/**
 * Path with slashes.
 */
category: string, 
/**
 * At least one.
 */
skus: Array<NewSku>, };
export type NewSku = { 
/**
 * Empty becomes 单规格.
 */
spec_name: string, 
/**
 * 商品编码.
 */
item_code: string, 
/**
 * 规格编码.
 */
barcode: string, 
/**
 * 单位.
 */
unit: string, 
/**
 * Yuan.
 */
price: string, };
export type OfferAllRequest = { 
/**
 * Where.
 */
store: number, 
/**
 * Row ids; empty means the whole library.
 */
products: Array<number>, };
export type OfferEdit = { 
/**
 * Where.
 */
store: number, 
/**
 * What.
 */
sku: number, 
/**
 * Wanted on the shelf.
 */
on: boolean | null, 
/**
 * Own price in yuan; empty inherits again.
 */
price: string | null, 
/**
 * 本商品不同步UPC.
 */
skip_barcode: boolean | null, };
export type OfferEdits = { 
/**
 * The offers.
 */
edits: Array<OfferEdit>, };
export type OrderCursor = { 
/**
 * Of the last row.
 */
placed_at: number, 
/**
 * Of the last row.
 */
id: number, };
export type OrderDetail = { 
/**
 * Head.
 */
order: OrderRow, 
/**
 * Buyer's words.
 */
remark: string, 
/**
 * Receiver, phone masked.
 */
receiver: string, 
/**
 * Why it was closed.
 */
closed_reason: WordsView | null, 
/**
 * Lines.
 */
lines: Array<OrderLineView>, 
/**
 * Refunds.
 */
refunds: Array<RefundView>, 
/**
 * 经过, oldest first.
 */
events: Array<OrderEventView>, 
/**
 * Its slips, oldest first.
 */
tickets: Array<TicketView>, 
/**
 * Why it is not in the ERP.
 */
exception: ExceptionView | null, };
export type OrderEventView = { 
/**
 * UTC ms.
 */
at: number, 
/**
 * What.
 */
words: WordsView, 
/**
 * Raw text, may be empty.
 */
raw: string, };
export type OrderLineView = { 
/**
 * 商品名称 as ordered.
 */
product_name: string, 
/**
 * 规格名称 as ordered.
 */
spec_name: string, 
/**
 * 第三方SKU编码 as ordered.
 */
outer_sku_code: string, 
/**
 * Barcode as ordered.
 */
barcode: string, 
/**
 * Pieces.
 */
quantity: number, 
/**
 * Price of one.
 */
price_fen: number, 
/**
 * Library SKU it went to.
 */
sku: number | null, 
/**
 * Its product.
 */
product: number | null, 
/**
 * Product and spec there.
 */
library_name: string, 
/**
 * Item code it was sent with.
 */
sent_item_code: string, };
export type OrderPage = { 
/**
 * Orders that match.
 */
total: number, 
/**
 * Their money.
 */
total_fen: number, 
/**
 * Counts of the views.
 */
counts: { [key in string]: number }, 
/**
 * Rows.
 */
rows: Array<OrderRow>, 
/**
 * What was searched for is the number of a refund: its parts. The rows are its order, whenever that was.
 */
refund: RefundNumberView | null, };
export type OrderQuery = { 
/**
 * Row ids; empty means all.
 */
stores: Array<number>, 
/**
 * `all`, `open`, `exception`, `waiting`, `pushed`, `closed`, `late`, `healed`, `by_default` (F15b).
 */
view: string, 
/**
 * Order number, day number with #, product name.
 */
search: string, 
/**
 * Placed since, UTC ms.
 */
from?: number | null, 
/**
 * Placed before, UTC ms.
 */
to?: number | null, 
/**
 * Keyset page: rows older than this one.
 */
before?: OrderCursor | null, 
/**
 * Rows to give, at most 500.
 */
limit: number, };
export type OrderRow = { 
/**
 * Row id.
 */
id: number, 
/**
 * Where.
 */
store: StoreBadge, 
/**
 * Order number.
 */
number: string, 
/**
 * Number of the day.
 */
day_seq: number, 
/**
 * `placed`, `accepted`, `delivering`, `completed`, `cancelled`.
 */
state: string, 
/**
 * `waiting`, `sending`, `pushed`, `exception`, `closed`.
 */
push_state: string, 
/**
 * UTC ms.
 */
placed_at: number, 
/**
 * Paid.
 */
total_fen: number, 
/**
 * Pieces.
 */
items: number, 
/**
 * First product and how many more.
 */
summary: string, 
/**
 * ERP document; may be empty.
 */
erp_document: string, 
/**
 * Row of problems.md when it is an exception.
 */
cause: string, 
/**
 * What was healed by itself; may be empty.
 */
healed: string, 
/**
 * Money refunded.
 */
refunded_fen: number, 
/**
 * Completion expected from, UTC ms (F30).
 */
expected_from: number | null, 
/**
 * Completion expected until, UTC ms.
 */
expected_to: number | null, };
export type OrdersPulledStore = { 
/**
 * Row id.
 */
store: number, 
/**
 * New orders.
 */
new: number, 
/**
 * Changed orders.
 */
changed: number, 
/**
 * Why it failed.
 */
error: WordsView | null, };
export type OrdersPulledView = { 
/**
 * One line a store.
 */
stores: Array<OrdersPulledStore>, 
/**
 * Orders pushed after it.
 */
pushed: number, 
/**
 * Orders that became exceptions.
 */
exceptions: number, };
export type PathRequest = { 
/**
 * Full path.
 */
path: string, };
export type PauseRequest = { 
/**
 * Job.
 */
id: number, 
/**
 * Paused.
 */
paused: boolean, };
export type PictureFailure = { 
/**
 * File name.
 */
name: string, 
/**
 * Why.
 */
words: WordsView, };
export type PictureView = { 
/**
 * Content hash; address by the host.
 */
hash: string, 
/**
 * Pixels.
 */
width: number, 
/**
 * Pixels.
 */
height: number, 
/**
 * File size.
 */
bytes: number, 
/**
 * Real format.
 */
format: string, 
/**
 * What platforms would say, worst first.
 */
findings: Array<FindingView>, };
export type PicturesAddRequest = { 
/**
 * Which.
 */
product: number, 
/**
 * Files.
 */
paths: Array<string>, };
export type PicturesImportRequest = { 
/**
 * The folder.
 */
folder: string, };
export type PicturesRepairRequest = { 
/**
 * Row ids; empty means all with findings.
 */
products: Array<number>, 
/**
 * Small pictures may be enlarged (a loss).
 */
allow_enlarge: boolean, };
export type PicturesReport = { 
/**
 * The undoable batch.
 */
batch: number | null, 
/**
 * Pictures added or made.
 */
added: number, 
/**
 * Files that belong to no product.
 */
unmatched: Array<string>, 
/**
 * Files that could not be used.
 */
failed: Array<PictureFailure>, };
export type PicturesSetRequest = { 
/**
 * Which.
 */
product: number, 
/**
 * Main one first; left out means taken off.
 */
hashes: Array<string>, };
export type PlanRequest = { 
/**
 * Row ids; empty means all.
 */
stores: Array<number>, 
/**
 * Step keys of 清空 steps that the manager ticked.
 */
ticked: Array<string>, 
/**
 * Step keys that the manager took out.
 */
unticked: Array<string>, };
export type PlanStep = { 
/**
 * Stable key, for ticking.
 */
key: string, 
/**
 * Which store.
 */
store: number, 
/**
 * Product and spec.
 */
subject: string, 
/**
 * Library SKU.
 */
sku: number | null, 
/**
 * Words are `field.<field>`.
 */
field: string, 
/**
 * `add`, `change`, `clear`, `skip`.
 */
action: string, 
/**
 * Platform now; may be empty.
 */
old: string, 
/**
 * Will be written; may be empty.
 */
new: string, 
/**
 * Why it is skipped.
 */
reason: WordsView | null, 
/**
 * Will run.
 */
ticked: boolean, };
export type PlanStore = { 
/**
 * Which.
 */
store: StoreBadge, 
/**
 * Steps that will run.
 */
will_run: number, 
/**
 * Skipped.
 */
skips: number, 
/**
 * Clears not ticked.
 */
clears: number, };
export type PlanView = { 
/**
 * All steps.
 */
steps_total: number, 
/**
 * 新增.
 */
adds: number, 
/**
 * 修改.
 */
changes: number, 
/**
 * 清空 (unticked unless said).
 */
clears: number, 
/**
 * 跳过.
 */
skips: number, 
/**
 * Steps that will run.
 */
will_run: number, 
/**
 * By store.
 */
stores: Array<PlanStore>, 
/**
 * The first two thousand.
 */
steps: Array<PlanStep>, };
export type PlatformChangeView = { 
/**
 * The new authorization.
 */
test: ConnectionView, 
/**
 * Bindings before.
 */
bound_before: number, 
/**
 * Bindings now.
 */
bound: number, };
export type PlatformState = { 
/**
 * Platform id.
 */
platform: string, 
/**
 * `synced`, `pending`, `review`, `warning`, `rejected`, `off`, `none`.
 */
state: string, };
export type PreflightView = { 
/**
 * Products checked.
 */
products: number, 
/**
 * Stores checked.
 */
stores: number, 
/**
 * How long.
 */
took_ms: number, 
/**
 * Findings that block.
 */
errors: number, 
/**
 * Findings that warn.
 */
warnings: number, 
/**
 * One cause is one row; blocking ones first.
 */
groups: Array<FindingGroup>, };
export type PrinterAccountEdit = { 
/**
 * Row id.
 */
account: number, 
/**
 * Settings; an empty one goes.
 */
settings: { [key in string]: string }, 
/**
 * Fields to replace.
 */
credentials: { [key in string]: string }, };
export type PrinterAccountKept = { 
/**
 * Credentials outlive this run.
 */
kept: boolean, };
export type PrinterAccountView = { 
/**
 * Row id.
 */
id: number, 
/**
 * Kind of printer, by id.
 */
service: string, 
/**
 * Own endpoint; may be empty.
 */
endpoint: string, 
/**
 * Settings that are no secrets.
 */
settings: { [key in string]: string }, 
/**
 * Which credential fields are set, masked.
 */
masked: { [key in string]: string }, 
/**
 * The address on this machine for its cloud's messages; empty while none are received.
 */
callback: string, };
export type PrinterAdd = { 
/**
 * Number on the sticker, or the address in the network.
 */
number: string, 
/**
 * Key on the sticker.
 */
key: string, 
/**
 * Label; the number without one.
 */
name: string, 
/**
 * `mm58` or `mm80`.
 */
paper: string, };
export type PrinterAdded = { 
/**
 * Its number.
 */
number: string, 
/**
 * Its row, when it is there now.
 */
id: number | null, 
/**
 * Why not, in the other side's words.
 */
refused: string, };
export type PrinterEdit = { 
/**
 * Row id.
 */
id: number, 
/**
 * Label; the number without one.
 */
name: string, 
/**
 * `mm58` or `mm80`.
 */
paper: string, };
export type PrinterKindView = { 
/**
 * Stable id.
 */
id: string, 
/**
 * As merchants know it.
 */
name: string, 
/**
 * What an account asks for; empty where there is no account.
 */
fields: Array<CredentialFieldView>, 
/**
 * What a printer's number is: `number` on a sticker, `address` in the network.
 */
number_kind: string, 
/**
 * Each printer has a key of its own.
 */
keyed: boolean, 
/**
 * Its cloud can tell of printed slips by itself.
 */
callbacks: boolean, };
export type PrinterView = { 
/**
 * Row id.
 */
id: number, 
/**
 * Its account.
 */
account: number, 
/**
 * Kind of printer, by id.
 */
service: string, 
/**
 * Number on the sticker, or the address in the network.
 */
number: string, 
/**
 * Label.
 */
name: string, 
/**
 * `mm58` or `mm80`.
 */
paper: string, 
/**
 * The light as last asked for: `ready`, `faulty`, `offline`; empty before.
 */
state: string, 
/**
 * When it was asked for, UTC ms.
 */
state_at: number | null, 
/**
 * What is wrong.
 */
cause: WordsView | null, 
/**
 * The other side's own text.
 */
raw: string, 
/**
 * Slips on their way.
 */
open: number, 
/**
 * Slips that wait for the manager.
 */
asks: number, };
export type PrintersAdd = { 
/**
 * Kind of printer, by id.
 */
service: string, 
/**
 * An account that is there; a new one without it.
 */
account?: number | null, 
/**
 * Own endpoint of a new account.
 */
endpoint?: string | null, 
/**
 * Fields of a new account. They cross once, inward, and are never sent back.
 */
credentials: { [key in string]: string }, 
/**
 * The printers.
 */
printers: Array<PrinterAdd>, };
export type PrintersAdded = { 
/**
 * In the order they were given.
 */
printers: Array<PrinterAdded>, };
export type PrintersView = { 
/**
 * Kinds of printer that can be added.
 */
kinds: Array<PrinterKindView>, 
/**
 * Accounts.
 */
accounts: Array<PrinterAccountView>, 
/**
 * Printers in use.
 */
printers: Array<PrinterView>, 
/**
 * Every store, those that do not print too.
 */
stores: Array<StorePrintingView>, };
export type ProductDetail = { 
/**
 * Row id.
 */
id: number, 
/**
 * 商品名称.
 */
name: string, 
/**
 * Brand.
 */
brand: string, 
/**
 * Description.
 */
description: string, 
/**
 * Path with slashes.
 */
category: string, 
/**
 * Row id.
 */
category_id: number | null, 
/**
 * SPU code.
 */
spu_code: string, 
/**
 * Specifications.
 */
skus: Array<SkuRow>, 
/**
 * Main one first.
 */
pictures: Array<PictureView>, 
/**
 * Where it is bound or wanted.
 */
places: Array<ProductPlace>, 
/**
 * SKU places with a binding.
 */
bound_places: number, 
/**
 * SKU places wanted.
 */
wanted_places: number, 
/**
 * SKUs whose code is in the ERP.
 */
erp_linked: number, 
/**
 * Worst first.
 */
findings: Array<FindingView>, 
/**
 * Newest first.
 */
history: Array<BatchView>, };
export type ProductIds = { 
/**
 * Row ids.
 */
products: Array<number>, };
export type ProductPlace = { 
/**
 * Where.
 */
store: StoreBadge, 
/**
 * Which SKU.
 */
sku: number, 
/**
 * Its spec.
 */
spec_name: string, 
/**
 * Bound to.
 */
listing_sku: number | null, 
/**
 * Price that applies there.
 */
price_fen: number | null, 
/**
 * The price is the store's own.
 */
own_price: boolean, 
/**
 * Price on the platform.
 */
platform_price_fen: number | null, 
/**
 * Stock on the platform.
 */
platform_stock: number | null, 
/**
 * As in `PlatformState`.
 */
state: string, 
/**
 * State in words, with its time.
 */
words: WordsView, 
/**
 * Wanted there.
 */
offered: boolean, 
/**
 * 本商品不同步UPC.
 */
skip_barcode: boolean, };
export type ProductRow = { 
/**
 * Row id.
 */
id: number, 
/**
 * 商品名称.
 */
name: string, 
/**
 * Path with slashes; may be empty.
 */
category: string, 
/**
 * Hash of the main picture; may be empty.
 */
picture: string, 
/**
 * Lowest price.
 */
price_min_fen: number | null, 
/**
 * Highest price.
 */
price_max_fen: number | null, 
/**
 * Worst finding: `error`, `warning` or empty.
 */
worst: string, 
/**
 * Specifications.
 */
skus: Array<SkuRow>, };
export type PullReports = { 
/**
 * The list.
 */
stores: Array<PullView>, };
export type PullView = { 
/**
 * Which store.
 */
store: number, 
/**
 * Listings read.
 */
listings: number, 
/**
 * New listing SKUs.
 */
new: number, 
/**
 * Changed.
 */
changed: number, 
/**
 * Gone.
 */
gone: number, 
/**
 * Bindings healed by themselves.
 */
healed: number, 
/**
 * Orders pushed again because of it.
 */
repushed: number, 
/**
 * Why it failed.
 */
error: WordsView | null, };
export type PushAddress = { 
/**
 * Account.
 */
account: number, 
/**
 * Platform id.
 */
service: string, 
/**
 * Its label.
 */
name: string, 
/**
 * The address on this machine; a relay that the platform reaches leads there.
 */
address: string, };
export type PushesSet = { 
/**
 * Receive them.
 */
on: boolean, };
export type PushesView = { 
/**
 * They are received.
 */
on: boolean, 
/**
 * Where, for each account whose platform pushes.
 */
addresses: Array<PushAddress>, };
export type RankedCauseView = { 
/**
 * Row of problems.md.
 */
cause: string, 
/**
 * 0 to 1.
 */
confidence: number, 
/**
 * Values for the words.
 */
params: { [key in string]: string }, };
export type ReceiptPreview = { 
/**
 * 58 and 80 mm.
 */
pages: Array<SlipPageView>, };
export type ReceiptPreviewRequest = { 
/**
 * A template that is being changed; the one that is kept without it.
 */
template?: TemplateView | null, 
/**
 * An order's number; an invented order without it.
 */
order: string, };
export type RefundNumberView = { 
/**
 * 平台编号.
 */
platform: string, 
/**
 * 订单号.
 */
order: string, };
export type RefundView = { 
/**
 * Number.
 */
number: string, 
/**
 * UTC ms.
 */
at: number, 
/**
 * Money.
 */
amount_fen: number, 
/**
 * Whole order.
 */
full: boolean, 
/**
 * Done.
 */
done: boolean, 
/**
 * 退差单: by design not pushed (F10).
 */
difference_only: boolean, 
/**
 * Why.
 */
reason: string, 
/**
 * `waiting`, `sending`, `pushed`, `exception`.
 */
push_state: string, 
/**
 * ERP document.
 */
document: string, };
export type RemedyReport = { 
/**
 * The undoable batch, when it changed data.
 */
batch: number | null, 
/**
 * Things dealt with.
 */
fixed: number, 
/**
 * Things that need the manager.
 */
left: number, 
/**
 * Orders pushed again because of it.
 */
repush: RepushView, 
/**
 * What to say, when there is more.
 */
words: WordsView | null, };
export type RemedyRequest = { 
/**
 * As given with the remedy.
 */
action: unknown, 
/**
 * Run it for every exception of this cause; empty runs it once.
 */
cause: string, 
/**
 * Of a cause: of these stores only; empty means all stores.
 */
stores: Array<number>, 
/**
 * Of a cause: for these orders only; empty means all.
 */
orders: Array<number>, };
export type RemedyView = { 
/**
 * Words are `remedy.<kind>`.
 */
kind: string, 
/**
 * Values for the words.
 */
params: { [key in string]: string }, 
/**
 * Opaque; hand it to `remedy_run` as it is.
 */
action: unknown, 
/**
 * When not empty the remedy needs the manager: which page or dialog opens (`sku`, `matching`, `erp_picker`, `authorize`, `store`, `category`).
 */
opens: string, 
/**
 * The app is sure of the values: it may be run without looking.
 */
sure: boolean, };
export type RemoteStoreView = { 
/**
 * The platform's id.
 */
remote_id: string, 
/**
 * Name there.
 */
name: string, 
/**
 * Is here already.
 */
added: boolean, };
export type RemoteStores = { 
/**
 * The list.
 */
stores: Array<RemoteStoreView>, };
export type RepushFailure = { 
/**
 * Row id.
 */
order: number, 
/**
 * Number.
 */
number: string, 
/**
 * Row of problems.md.
 */
cause: string, };
export type RepushRequest = { 
/**
 * Order row ids; or
 */
orders: Array<number>, 
/**
 * a cause; or
 */
cause: string, 
/**
 * everything.
 */
all: boolean, 
/**
 * A cause or everything of these stores only; empty means all stores.
 */
stores: Array<number>, };
export type RepushView = { 
/**
 * Now in the ERP.
 */
pushed: number, 
/**
 * Exceptions again.
 */
failed: Array<RepushFailure>, 
/**
 * Wait for the line or the ERP.
 */
waiting: number, 
/**
 * Closed meanwhile.
 */
closed: number, 
/**
 * 结果未知, left for the manager.
 */
undecided: number, };
export type RetryRequest = { 
/**
 * Of one job.
 */
job?: number | null, 
/**
 * Of one cause; empty means all rejected.
 */
cause: string, };
export type ServiceView = { 
/**
 * Stable id.
 */
id: string, 
/**
 * As merchants know it.
 */
name: string, 
/**
 * What authorizing asks for.
 */
fields: Array<CredentialFieldView>, 
/**
 * What each store is asked for beside.
 */
store_fields: Array<StoreFieldView>, 
/**
 * The platform with which its stores are confused; a store can be changed over to it.
 */
sister: string | null, 
/**
 * A merchant can agree on the platform's own page.
 */
consent: boolean, 
/**
 * Capability card.
 */
facts: Array<FactView>, 
/**
 * Date of the rule pack.
 */
rules_date: string, };
export type SettingsView = { 
/**
 * Known keys: `theme` (system, light, dark), `lang`, `sound` (on, off), `notify` (on, off), `auto_push` (on, off), `pull_minutes`, `quiet_from`, `quiet_to`, `safety_stock`, `erp_old_minutes` (minutes after which what was read from the ERP counts as old).
 */
values: { [key in string]: string }, };
export type SheetColumn = { 
/**
 * 0-based.
 */
index: number, 
/**
 * Header text.
 */
title: string, 
/**
 * First values.
 */
samples: Array<string>, 
/**
 * Field it was recognised as; empty when none.
 */
field: string, 
/**
 * 0 to 1.
 */
confidence: number, };
export type SheetField = { 
/**
 * Key; words are `field.<key>`.
 */
key: string, 
/**
 * Must be mapped.
 */
required: boolean, };
export type SheetOpen = { 
/**
 * The file.
 */
path: string, 
/**
 * File name.
 */
name: string, 
/**
 * Sheets in it.
 */
sheets: Array<string>, 
/**
 * The one read.
 */
sheet: string, 
/**
 * 1-based row of the header.
 */
header_row: number, 
/**
 * Its columns.
 */
columns: Array<SheetColumn>, 
/**
 * Opaque mapping to hand back, as recognised.
 */
mapping: unknown, 
/**
 * Fields that a column can be put to.
 */
fields: Array<SheetField>, 
/**
 * Encoding of a text file; empty otherwise.
 */
encoding: string, };
export type SkuRow = { 
/**
 * Row id.
 */
id: number, 
/**
 * 规格名称.
 */
spec_name: string, 
/**
 * Size text of a single-spec product.
 */
size_text: string, 
/**
 * 商品编码.
 */
item_code: string, 
/**
 * 规格编码.
 */
barcode: string, 
/**
 * 单位.
 */
unit: string, 
/**
 * 售价.
 */
price_fen: number | null, 
/**
 * 成本.
 */
cost_fen: number | null, 
/**
 * 库存.
 */
stock: number | null, 
/**
 * 基本数量 in thousandths.
 */
base_quantity_milli: number, 
/**
 * What is wrong with the item code (`empty`, `unclean`, `not_digits`, `too_large`); empty when good.
 */
code_fault: string, 
/**
 * What is wrong with the barcode (`empty`, `wrong_check_digit`, `wrong_length`, `unclean`, `not_digits`); empty when good.
 */
barcode_fault: string, 
/**
 * One per platform with a store.
 */
states: Array<PlatformState>, };
export type SlipLineView = { 
/**
 * What stands on it, blanks and all. ASCII takes one column, everything else two.
 */
text: string, 
/**
 * Twice as high and wide.
 */
large: boolean, };
export type SlipPageView = { 
/**
 * `mm58` or `mm80`.
 */
paper: string, 
/**
 * Half-width columns of a line.
 */
columns: number, 
/**
 * From top to bottom.
 */
lines: Array<SlipLineView>, };
export type SlipRequest = { 
/**
 * Order.
 */
order: number, 
/**
 * `receipt`, `refund`, `cancel`.
 */
kind: string, 
/**
 * The refund's number; empty for others.
 */
subject: string, };
export type StockPage = { 
/**
 * Rows that match.
 */
total: number, 
/**
 * Counts of the views.
 */
counts: { [key in string]: number }, 
/**
 * Stores whose stock switch is off (F04a).
 */
switches_off: Array<StoreBadge>, 
/**
 * Rows.
 */
rows: Array<StockRow>, 
/**
 * When the ERP's stock was read, UTC ms: of several branches the longest ago; `None` where one was never read.
 */
erp_read_at: number | null, 
/**
 * That is too long ago to be relied on.
 */
erp_old: boolean, };
export type StockPushRequest = { 
/**
 * Row ids; empty means all.
 */
stores: Array<number>, 
/**
 * All bound items, not only different ones.
 */
full: boolean, };
export type StockPushView = { 
/**
 * Jobs, one a store.
 */
jobs: Array<number>, 
/**
 * Rows written.
 */
sent: number, 
/**
 * Rows not taken.
 */
rejected: number, 
/**
 * Rows that were right already.
 */
same: number, 
/**
 * Rows left alone, because a write could hit other goods; 体检 names them.
 */
held: number, 
/**
 * Stores that could not be pushed.
 */
errors: Array<WordsView>, };
export type StockQuery = { 
/**
 * Row ids; empty means all.
 */
stores: Array<number>, 
/**
 * Name, code, barcode.
 */
search: string, 
/**
 * `all`, `different`, `oversold`, `unacknowledged`, `unknown`.
 */
view: string, 
/**
 * Rows to skip.
 */
offset: number, 
/**
 * Rows to give, at most 500.
 */
limit: number, };
export type StockRow = { 
/**
 * Row id.
 */
listing_sku: number, 
/**
 * Where.
 */
store: StoreBadge, 
/**
 * Product and spec.
 */
name: string, 
/**
 * 商品编码.
 */
item_code: string, 
/**
 * ERP stock in pieces, after 基本数量.
 */
erp: number | null, 
/**
 * What will be pushed, after the safety rule.
 */
wanted: number | null, 
/**
 * Stock on the platform.
 */
platform: number | null, 
/**
 * Last acknowledged push.
 */
pushed: number | null, 
/**
 * UTC ms.
 */
pushed_at: number | null, 
/**
 * `same`, `different`, `oversold`, `unknown`.
 */
state: string, };
export type StoreAdd = { 
/**
 * Its account.
 */
account: number, 
/**
 * Platform id.
 */
platform: string, 
/**
 * The platform's id.
 */
remote_id: string, 
/**
 * Label; may be empty.
 */
name: string, 
/**
 * Own endpoint.
 */
endpoint?: string | null, 
/**
 * ERP account.
 */
erp_account?: number | null, 
/**
 * 线下门店编号.
 */
offline_code: string, 
/**
 * What the platform wants to know of the store, by key.
 */
settings: { [key in string]: string }, };
export type StoreBadge = { 
/**
 * Row id.
 */
id: number, 
/**
 * Platform id, for the mark.
 */
platform: string, 
/**
 * Label.
 */
name: string, };
export type StoreCan = { 
/**
 * Products can be deleted there.
 */
delete: boolean, 
/**
 * A product there is the account's, one for all of its stores.
 */
shared_products: boolean, 
/**
 * Groups can be put into another order.
 */
order_groups: boolean, 
/**
 * Its 类目 can be chosen from a list.
 */
categories: boolean, };
export type StoreChangePlatform = { 
/**
 * Store.
 */
id: number, 
/**
 * Account of the sister platform.
 */
account: number, };
export type StoreEdit = { 
/**
 * Store.
 */
id: number, 
/**
 * Label.
 */
name?: string | null, 
/**
 * 线下门店编号.
 */
offline_code?: string | null, 
/**
 * ERP account; 0 takes it away.
 */
erp_account?: number | null, 
/**
 * Switches.
 */
switches?: Switches | null, 
/**
 * What the platform wants to know of the store, by key; keys left out stay.
 */
settings?: { [key in string]: string } | null, };
export type StoreFieldView = { 
/**
 * Key in the store's settings.
 */
key: string, 
/**
 * Label in the merchant's words.
 */
label: string, 
/**
 * `phone`, `money`, `any`.
 */
shape: string, 
/**
 * The platform refuses new goods without it.
 */
needed: boolean, };
export type StoreIds = { 
/**
 * Row ids; empty means all.
 */
stores: Array<number>, };
export type StorePrintingSet = { 
/**
 * The store.
 */
store: number, 
/**
 * Its printer; nothing: it does not print.
 */
printer?: number | null, 
/**
 * The one that takes over.
 */
spare?: number | null, 
/**
 * `off`, `placed`, `accepted`.
 */
receipts: string, 
/**
 * Refund slips.
 */
refunds: boolean, 
/**
 * Cancel slips.
 */
cancels: boolean, 
/**
 * Copies of a receipt, 1 to 9.
 */
copies: number, };
export type StorePrintingView = { 
/**
 * The store.
 */
store: StoreBadge, 
/**
 * Its printer; nothing when it does not print.
 */
printer: number | null, 
/**
 * The one that takes over.
 */
spare: number | null, 
/**
 * `off`, `placed`, `accepted`: when a receipt is printed by itself.
 */
receipts: string, 
/**
 * Refund slips are printed.
 */
refunds: boolean, 
/**
 * Cancel slips are printed.
 */
cancels: boolean, 
/**
 * Copies of a receipt.
 */
copies: number, };
export type StoreView = { 
/**
 * Row id.
 */
id: number, 
/**
 * Platform id.
 */
platform: string, 
/**
 * The platform's id.
 */
remote_id: string, 
/**
 * Label.
 */
name: string, 
/**
 * Own endpoint; may be empty.
 */
endpoint: string, 
/**
 * Its account.
 */
account: AccountView, 
/**
 * The ERP that takes its orders.
 */
erp: AccountView | null, 
/**
 * 线下门店编号.
 */
offline_code: string, 
/**
 * The ERP could not read that number (F19b).
 */
offline_code_fault: boolean, 
/**
 * What is synced.
 */
switches: Switches, 
/**
 * What the platform wants to know of the store, by key.
 */
settings: { [key in string]: string }, 
/**
 * UTC ms.
 */
orders_read_at: number | null, 
/**
 * Why the last pull failed; nothing when it did not.
 */
orders_error: WordsView | null, 
/**
 * What speaks for another device having the authorization (F32).
 */
taken: TakenView | null, 
/**
 * The last comparison of its orders with the platform's list.
 */
compared: ComparedView | null, 
/**
 * UTC ms.
 */
listings_read_at: number | null, 
/**
 * Listing SKUs.
 */
listings: number, 
/**
 * Bound ones.
 */
bound: number, 
/**
 * Exception orders.
 */
exceptions: number, 
/**
 * What its platform lets be done.
 */
can: StoreCan, };
export type Stores = { 
/**
 * Stores.
 */
stores: Array<StoreView>, 
/**
 * Accounts, those without a store too.
 */
accounts: Array<AccountView>, };
export type Switches = { 
/**
 * Names.
 */
name: boolean, 
/**
 * Pictures.
 */
pictures: boolean, 
/**
 * Group and 类目.
 */
category: boolean, 
/**
 * UPC.
 */
barcode: boolean, 
/**
 * Price.
 */
price: boolean, 
/**
 * Stock.
 */
stock: boolean, 
/**
 * Create missing products.
 */
create: boolean, };
export type SyncRejection = { 
/**
 * Row of problems.md, or `OTHER`.
 */
id: string, 
/**
 * How many.
 */
count: number, 
/**
 * The first names.
 */
subjects: Array<string>, 
/**
 * Values for the words.
 */
params: { [key in string]: string }, 
/**
 * The platform's own text of the first.
 */
raw: string, 
/**
 * Trying again can help.
 */
retry: boolean, 
/**
 * The products are gone there and can be made anew.
 */
anew: boolean, 
/**
 * Products that another 类目 may help, the first two hundred.
 */
categories: Array<CategoryTarget>, };
export type SyncReport = { 
/**
 * The job.
 */
job: number, 
/**
 * Confirmed by reading back.
 */
confirmed: number, 
/**
 * Not taken.
 */
rejected: number, 
/**
 * In review.
 */
in_review: number, 
/**
 * Outcome not known yet.
 */
unknown: number, 
/**
 * Still to be sent.
 */
queued: number, 
/**
 * Taken back.
 */
cancelled: number, 
/**
 * By cause.
 */
rejections: Array<SyncRejection>, };
export type SyncState = { 
/**
 * Platform id.
 */
platform: string, 
/**
 * Waiting.
 */
queued: number, 
/**
 * In the platform's review.
 */
in_review: number, 
/**
 * Not taken.
 */
rejected: number, 
/**
 * Confirmed since midnight in Shanghai.
 */
confirmed_today: number, 
/**
 * Last confirmed, UTC ms.
 */
last_at: number | null, };
export type TakenView = { 
/**
 * It has it at this moment.
 */
now: boolean, 
/**
 * How often the authorization was lost within a week.
 */
times: number, 
/**
 * Orders that the last comparison found missing.
 */
missing: number, 
/**
 * All signs are there.
 */
certain: boolean, };
export type TaskView = { 
/**
 * Row id.
 */
id: number, 
/**
 * What it is about.
 */
subject: string, 
/**
 * `codes`, `listing`, `price`, `stock`, `group`, `delete`.
 */
kind: string, 
/**
 * As in the outbox.
 */
state: string, 
/**
 * Row of problems.md when rejected.
 */
cause: string, 
/**
 * Values for the words.
 */
params: { [key in string]: string }, 
/**
 * The platform's own text.
 */
raw: string, 
/**
 * Sends tried.
 */
attempts: number, };
export type TemplateView = { 
/**
 * First line; the platform's name without it.
 */
header: string, 
/**
 * Last line.
 */
footer: string, 
/**
 * Goods in large letters.
 */
large_goods: boolean, 
/**
 * Prices beside the goods.
 */
prices: boolean, 
/**
 * Spec beside the name.
 */
specs: boolean, 
/**
 * Receiver's name, phone and address.
 */
receiver: boolean, };
export type TicketDecide = { 
/**
 * Row id.
 */
id: number, 
/**
 * It is on paper; else it is printed once more.
 */
printed: boolean, };
export type TicketList = { 
/**
 * At most so many as a person looks through.
 */
tickets: Array<TicketView>, 
/**
 * Slips on their way, of all printers.
 */
open: number, 
/**
 * Slips that wait for the manager, of all printers.
 */
asks: number, };
export type TicketQuery = { 
/**
 * `all`, `open`, `asks`.
 */
view: string, 
/**
 * Of one printer.
 */
printer?: number | null, };
export type TicketView = { 
/**
 * Row id.
 */
id: number, 
/**
 * Its order; nothing for a test page.
 */
order: number | null, 
/**
 * The order's number.
 */
number: string, 
/**
 * The order's number of the day, 0 when there is none.
 */
day_seq: number, 
/**
 * The order's store.
 */
store: StoreBadge | null, 
/**
 * `receipt`, `refund`, `cancel`, `test`.
 */
kind: string, 
/**
 * The refund's number; empty for others.
 */
subject: string, 
/**
 * 0, or the how-manieth 补打 it is.
 */
reprint: number, 
/**
 * The how-manieth part of a long slip, from 1.
 */
part: number, 
/**
 * Its printer.
 */
printer: number, 
/**
 * The printer's label.
 */
printer_name: string, 
/**
 * `queued`, `sending`, `waiting`, `unknown`, `printed`, `failed`.
 */
state: string, 
/**
 * It waits for the manager.
 */
asks: boolean, 
/**
 * Why it waits or failed.
 */
cause: WordsView | null, 
/**
 * The other side's own text.
 */
raw: string, 
/**
 * UTC ms.
 */
created_at: number, 
/**
 * When it was known to be on paper, or given up, UTC ms.
 */
done_at: number | null, };
export type UnbindRequest = { 
/**
 * Row ids.
 */
listing_skus: Array<number>, };
export type UndoReport = { 
/**
 * The new batch.
 */
batch: number, 
/**
 * Rows put back.
 */
changes: number, 
/**
 * What was undone.
 */
title: WordsView, };
export type UndoRequest = { 
/**
 * A batch; the last one when left out.
 */
batch?: number | null, 
/**
 * Redo the last undo instead.
 */
redo: boolean, };
export type VisibilityView = { 
/**
 * The store.
 */
store: number, 
/**
 * 商品名称 there.
 */
name: string, 
/**
 * The library product it is bound to.
 */
product: number | null, 
/**
 * The platform still has it.
 */
there: boolean, 
/**
 * What has to hold.
 */
conditions: Array<ConditionView>, };
export type WordsView = { 
/**
 * Code of the words, e.g. `finding.F41`, `order.pushed`.
 */
code: string, 
/**
 * Values for `{name}` in the words.
 */
params: { [key in string]: string }, };
export type Workbench = { 
/**
 * Orders placed.
 */
orders: number, 
/**
 * Paid by customers.
 */
paid_fen: number, 
/**
 * Orders in the same span before.
 */
orders_before: number, 
/**
 * Paid in the same span before.
 */
paid_before_fen: number, 
/**
 * Refunds.
 */
refunds: number, 
/**
 * Money refunded.
 */
refunds_fen: number, 
/**
 * Orders in the ERP.
 */
in_erp: number, 
/**
 * Orders on their way.
 */
waiting: number, 
/**
 * Exceptions of this span.
 */
exceptions: number, 
/**
 * Their money.
 */
exceptions_fen: number, 
/**
 * Orders healed by themselves.
 */
healed: number, 
/**
 * Causes, most urgent first.
 */
todo: Array<ExceptionGroupView>, 
/**
 * Other things worth knowing.
 */
warnings: Array<WordsView>, 
/**
 * Authorizations by urgency.
 */
stores: Array<StoreView>, 
/**
 * Sync by platform.
 */
sync: Array<SyncState>, 
/**
 * Where platform and ERP disagree dangerously.
 */
stock_alarms: Array<StockRow>, 
/**
 * Orders by hour of the span's first day, Shanghai time.
 */
hourly: Array<number>, 
/**
 * The same one day before.
 */
hourly_before: Array<number>, };
export type WorkbenchRequest = { 
/**
 * Row ids; empty means all.
 */
stores: Array<number>, 
/**
 * Orders placed since, UTC ms.
 */
from: number, 
/**
 * Orders placed before, UTC ms.
 */
to: number, };

/** Every command of the api: name to request and response. */
export interface Commands {
  messages_get: { request: MessagesRequest; response: Messages };
  app_status: { request: Empty; response: AppStatus };
  workbench_get: { request: WorkbenchRequest; response: Workbench };
  settings_get: { request: Empty; response: SettingsView };
  settings_set: { request: SettingsView; response: SettingsView };
  demo_open: { request: Empty; response: Empty };
  library_list: { request: LibraryQuery; response: LibraryPage };
  library_counts: { request: Empty; response: LibraryCounts };
  library_get: { request: IdRequest; response: ProductDetail };
  library_edit: { request: LibraryEdits; response: EditReport };
  library_create: { request: NewProductRequest; response: EditReport };
  library_delete: { request: ProductIds; response: DeleteReport };
  library_undo: { request: UndoRequest; response: UndoReport };
  library_history: { request: HistoryRequest; response: History };
  offers_edit: { request: OfferEdits; response: EditReport };
  offers_all: { request: OfferAllRequest; response: EditReport };
  pictures_add: { request: PicturesAddRequest; response: PicturesReport };
  pictures_set: { request: PicturesSetRequest; response: PicturesReport };
  pictures_import: { request: PicturesImportRequest; response: PicturesReport };
  pictures_repair: { request: PicturesRepairRequest; response: PicturesReport };
  erp_search: { request: ErpSearchRequest; response: ErpItems };
  sheet_open: { request: PathRequest; response: SheetOpen };
  import_preview: { request: ImportRequest; response: ImportPreview };
  import_run: { request: ImportRequest; response: ImportPreview };
  export_run: { request: ExportRequest; response: ExportReport };
  services_list: { request: Empty; response: Descriptors };
  stores_list: { request: Empty; response: Stores };
  account_add: { request: AccountAdd; response: AccountAdded };
  account_authorize: { request: AuthorizeRequest; response: AccountAdded };
  account_consent: { request: IdRequest; response: ConsentPage };
  account_consent_state: { request: IdRequest; response: ConsentView };
  account_consent_paste: { request: ConsentPaste; response: ConsentView };
  account_consent_end: { request: IdRequest; response: Empty };
  pushes_get: { request: Empty; response: PushesView };
  pushes_set: { request: PushesSet; response: PushesView };
  account_stores: { request: IdRequest; response: RemoteStores };
  account_branches: { request: IdRequest; response: Branches };
  account_test: { request: IdRequest; response: ConnectionView };
  erp_read: { request: IdRequest; response: ErpReadView };
  erp_move_plan: { request: ErpMoveRequest; response: ErpMoveView };
  erp_move: { request: ErpMoveRequest; response: ErpMovedView };
  store_add: { request: StoreAdd; response: IdRequest };
  store_edit: { request: StoreEdit; response: EditReport };
  store_change_platform: { request: StoreChangePlatform; response: PlatformChangeView };
  store_compare: { request: IdRequest; response: ComparedView };
  store_remove: { request: IdRequest; response: Empty };
  store_test: { request: IdRequest; response: ConnectionView };
  listings_list: { request: ListingQuery; response: ListingPage };
  listings_pull: { request: StoreIds; response: PullReports };
  listings_delete: { request: ListingsDelete; response: JobStarted };
  listing_check: { request: IdRequest; response: VisibilityView };
  listing_put_on_shelf: { request: IdRequest; response: JobStarted };
  groups_list: { request: IdRequest; response: GroupsView };
  groups_order: { request: GroupsOrder; response: GroupsView };
  categories_list: { request: CategoriesRequest; response: CategoriesView };
  category_asks: { request: CategoryRequest; response: CategoryAsks };
  category_change: { request: CategoryChange; response: CategoryChanged };
  matching_get: { request: MatchRequest; response: MatchView };
  matching_bind: { request: BindRequest; response: BindReport };
  matching_refuse: { request: BindRequest; response: Count };
  matching_allow: { request: BindRequest; response: Count };
  matching_unbind: { request: UnbindRequest; response: BindReport };
  matching_apply: { request: MatchApplyRequest; response: BindReport };
  matching_adopt: { request: LinkRequest; response: BindReport };
  bindings_export: { request: BindingsExport; response: ExportReport };
  bindings_preview: { request: PathRequest; response: BindingsView };
  bindings_import: { request: PathRequest; response: BindingsView };
  preflight_run: { request: StoreIds; response: PreflightView };
  preflight_fix: { request: FixGroupRequest; response: FixGroupReport };
  sync_plan: { request: PlanRequest; response: PlanView };
  sync_apply: { request: PlanRequest; response: JobStarted };
  sync_report: { request: IdRequest; response: SyncReport };
  sync_undo: { request: IdRequest; response: JobStarted };
  sync_anew: { request: RetryRequest; response: JobStarted };
  orders_list: { request: OrderQuery; response: OrderPage };
  orders_show: { request: IdRequest; response: OrderDetail };
  orders_pull: { request: StoreIds; response: OrdersPulledView };
  exceptions_list: { request: ExceptionQuery; response: ExceptionsView };
  exceptions_orders: { request: ExceptionOrders; response: ExceptionOrderPage };
  exceptions_explain: { request: IdRequest; response: ExceptionView };
  exceptions_repush: { request: RepushRequest; response: RepushView };
  remedy_run: { request: RemedyRequest; response: RemedyReport };
  stock_list: { request: StockQuery; response: StockPage };
  stock_push: { request: StockPushRequest; response: StockPushView };
  printers_list: { request: Empty; response: PrintersView };
  printers_add: { request: PrintersAdd; response: PrintersAdded };
  printers_look: { request: Empty; response: PrintersView };
  printer_edit: { request: PrinterEdit; response: Empty };
  printer_account_edit: { request: PrinterAccountEdit; response: PrinterAccountKept };
  printer_test: { request: IdRequest; response: Empty };
  printer_clear: { request: IdRequest; response: Count };
  store_printing_set: { request: StorePrintingSet; response: Empty };
  receipt_template_get: { request: Empty; response: TemplateView };
  receipt_template_set: { request: TemplateView; response: TemplateView };
  receipt_preview: { request: ReceiptPreviewRequest; response: ReceiptPreview };
  tickets_list: { request: TicketQuery; response: TicketList };
  ticket_page: { request: IdRequest; response: SlipPageView };
  ticket_decide: { request: TicketDecide; response: Empty };
  slip_reprint: { request: SlipRequest; response: Empty };
  printer_remove: { request: IdRequest; response: Empty };
  jobs_list: { request: Empty; response: JobList };
  jobs_get: { request: IdRequest; response: JobDetail };
  job_cancel: { request: IdRequest; response: Empty };
  job_pause: { request: PauseRequest; response: Empty };
  tasks_retry: { request: RetryRequest; response: Count };
  doctor_run: { request: Empty; response: DoctorReport };
  backups_list: { request: Empty; response: Backups };
  backup_create: { request: Empty; response: BackupView };
  backup_verify: { request: PathRequest; response: BackupView };
  backup_restore: { request: PathRequest; response: Empty };
  diagnostics_export: { request: PathRequest; response: DiagnosticsView };
}

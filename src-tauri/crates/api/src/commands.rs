//! The one list of commands: `name(Request) -> Response`, each with the function that answers it. A listed command
//! without a body does not compile; the router, the TypeScript signatures and the tests are made from this list.

pub(crate) use crate::types::app::{
    AppStatus, BackupView, Backups, DiagnosticsView, DoctorReport, Messages, MessagesRequest, SettingsView,
    Workbench, WorkbenchRequest,
};
pub(crate) use crate::types::categories::{
    CategoriesRequest, CategoriesView, CategoryAsks, CategoryChange, CategoryChanged, CategoryRequest,
};
pub(crate) use crate::types::erp::{ErpMoveRequest, ErpMoveView, ErpMovedView, ErpReadView};
pub(crate) use crate::types::exceptions::{
    ExceptionOrderPage, ExceptionOrders, ExceptionQuery, ExceptionView, ExceptionsView, RemedyReport,
    RemedyRequest, RepushRequest, RepushView,
};
pub(crate) use crate::types::groups::{GroupsOrder, GroupsView};
pub(crate) use crate::types::jobs::{JobDetail, JobList, PauseRequest, RetryRequest};
pub(crate) use crate::types::library::{
    DeleteReport, EditReport, ErpItems, ErpSearchRequest, History, HistoryRequest, LibraryCounts,
    LibraryEdits, LibraryPage, LibraryQuery, NewProductRequest, OfferAllRequest, OfferEdits,
    PicturesAddRequest, PicturesImportRequest, PicturesRepairRequest, PicturesReport, PicturesSetRequest,
    ProductDetail, ProductIds, UndoReport, UndoRequest,
};
pub(crate) use crate::types::listings::{ListingPage, ListingQuery, ListingsDelete, PullReports};
pub(crate) use crate::types::matching::{
    BindReport, BindRequest, BindingsExport, BindingsView, LinkRequest, MatchApplyRequest, MatchRequest,
    MatchView, UnbindRequest,
};
pub(crate) use crate::types::orders::{OrderDetail, OrderPage, OrderQuery, OrdersPulledView};
pub(crate) use crate::types::printing::{
    PrinterAccountEdit, PrinterAccountKept, PrinterEdit, PrintersAdd, PrintersAdded, PrintersView,
    ReceiptPreview, ReceiptPreviewRequest, SlipPageView, SlipRequest, StorePrintingSet, TemplateView,
    TicketDecide, TicketList, TicketQuery,
};
pub(crate) use crate::types::shared::{Count, Empty, IdRequest, PathRequest, StoreIds};
pub(crate) use crate::types::sheet::{
    ExportReport, ExportRequest, ImportPreview, ImportRequest, JobStarted, SheetOpen,
};
pub(crate) use crate::types::stock::{StockPage, StockPushRequest, StockPushView, StockQuery};
pub(crate) use crate::types::stores::{
    AccountAdd, AccountAdded, AuthorizeRequest, Branches, ComparedView, ConnectionView, ConsentPage,
    ConsentPaste, ConsentView, Descriptors, PlatformChangeView, PushesSet, PushesView, RemoteStores,
    StoreAdd, StoreChangePlatform, StoreEdit, Stores,
};
pub(crate) use crate::types::sync::{
    FixGroupReport, FixGroupRequest, PlanRequest, PlanView, PreflightView, SyncReport,
};

pub(crate) use crate::types::visibility::VisibilityView;

/// Hands the list to another macro.
#[macro_export]
macro_rules! each_command {
    ($then:ident) => {
        $then! {
            // the frame
            messages_get(MessagesRequest) -> Messages = app::messages;
            app_status(Empty) -> AppStatus = app::status;
            workbench_get(WorkbenchRequest) -> Workbench = app::workbench;
            settings_get(Empty) -> SettingsView = app::settings;
            settings_set(SettingsView) -> SettingsView = app::set_settings;
            demo_open(Empty) -> Empty = app::open_demo;
            // 商品库
            library_list(LibraryQuery) -> LibraryPage = library::list;
            library_counts(Empty) -> LibraryCounts = library::counts;
            library_get(IdRequest) -> ProductDetail = library::get;
            library_edit(LibraryEdits) -> EditReport = library::edit;
            library_create(NewProductRequest) -> EditReport = library::create;
            library_delete(ProductIds) -> DeleteReport = library::delete;
            library_undo(UndoRequest) -> UndoReport = library::undo;
            library_history(HistoryRequest) -> History = library::history;
            offers_edit(OfferEdits) -> EditReport = library::edit_offers;
            offers_all(OfferAllRequest) -> EditReport = library::offer_all;
            pictures_add(PicturesAddRequest) -> PicturesReport = pictures::add;
            pictures_set(PicturesSetRequest) -> PicturesReport = pictures::set;
            pictures_import(PicturesImportRequest) -> PicturesReport = pictures::import;
            pictures_repair(PicturesRepairRequest) -> PicturesReport = pictures::repair;
            erp_search(ErpSearchRequest) -> ErpItems = library::search_erp;
            // sheets
            sheet_open(PathRequest) -> SheetOpen = sheet::open;
            import_preview(ImportRequest) -> ImportPreview = sheet::preview;
            import_run(ImportRequest) -> ImportPreview = sheet::run;
            export_run(ExportRequest) -> ExportReport = sheet::export;
            // 门店与授权
            services_list(Empty) -> Descriptors = stores::services;
            stores_list(Empty) -> Stores = stores::list;
            account_add(AccountAdd) -> AccountAdded = stores::add_account;
            account_authorize(AuthorizeRequest) -> AccountAdded = stores::authorize;
            account_consent(IdRequest) -> ConsentPage = stores::consent;
            account_consent_state(IdRequest) -> ConsentView = stores::consent_state;
            account_consent_paste(ConsentPaste) -> ConsentView = stores::consent_paste;
            account_consent_end(IdRequest) -> Empty = stores::consent_end;
            pushes_get(Empty) -> PushesView = stores::pushes;
            pushes_set(PushesSet) -> PushesView = stores::set_pushes;
            account_stores(IdRequest) -> RemoteStores = stores::remote_stores;
            account_branches(IdRequest) -> Branches = stores::branches;
            account_test(IdRequest) -> ConnectionView = stores::test_account;
            erp_read(IdRequest) -> ErpReadView = erp::read;
            erp_move_plan(ErpMoveRequest) -> ErpMoveView = erp::move_plan;
            erp_move(ErpMoveRequest) -> ErpMovedView = erp::move_run;
            store_add(StoreAdd) -> IdRequest = stores::add;
            store_edit(StoreEdit) -> EditReport = stores::edit;
            store_change_platform(StoreChangePlatform) -> PlatformChangeView = stores::change_platform;
            store_compare(IdRequest) -> ComparedView = stores::compare;
            store_remove(IdRequest) -> Empty = stores::remove;
            store_test(IdRequest) -> ConnectionView = stores::test;
            // 门店商品
            listings_list(ListingQuery) -> ListingPage = listings::list;
            listings_pull(StoreIds) -> PullReports = listings::pull;
            listings_delete(ListingsDelete) -> JobStarted = listings::delete;
            listing_check(IdRequest) -> VisibilityView = visibility::check;
            listing_put_on_shelf(IdRequest) -> JobStarted = visibility::put_on_shelf;
            groups_list(IdRequest) -> GroupsView = groups::list;
            groups_order(GroupsOrder) -> GroupsView = groups::order;
            categories_list(CategoriesRequest) -> CategoriesView = categories::list;
            category_asks(CategoryRequest) -> CategoryAsks = categories::asks;
            category_change(CategoryChange) -> CategoryChanged = categories::change;
            // 匹配绑定
            matching_get(MatchRequest) -> MatchView = matching::get;
            matching_bind(BindRequest) -> BindReport = matching::bind;
            matching_refuse(BindRequest) -> Count = matching::refuse;
            matching_allow(BindRequest) -> Count = matching::allow;
            matching_unbind(UnbindRequest) -> BindReport = matching::unbind;
            matching_apply(MatchApplyRequest) -> BindReport = matching::apply;
            matching_adopt(LinkRequest) -> BindReport = matching::adopt;
            bindings_export(BindingsExport) -> ExportReport = matching::export;
            bindings_preview(PathRequest) -> BindingsView = matching::preview_sheet;
            bindings_import(PathRequest) -> BindingsView = matching::import_sheet;
            // 体检与同步
            preflight_run(StoreIds) -> PreflightView = sync::preflight;
            preflight_fix(FixGroupRequest) -> FixGroupReport = sync::fix_group;
            sync_plan(PlanRequest) -> PlanView = sync::plan;
            sync_apply(PlanRequest) -> JobStarted = sync::apply;
            sync_report(IdRequest) -> SyncReport = sync::report;
            sync_undo(IdRequest) -> JobStarted = sync::undo;
            sync_anew(RetryRequest) -> JobStarted = sync::anew;
            // 订单
            orders_list(OrderQuery) -> OrderPage = orders::list;
            orders_show(IdRequest) -> OrderDetail = orders::show;
            orders_pull(StoreIds) -> OrdersPulledView = orders::pull;
            // 异常订单
            exceptions_list(ExceptionQuery) -> ExceptionsView = exceptions::list;
            exceptions_orders(ExceptionOrders) -> ExceptionOrderPage = exceptions::orders;
            exceptions_explain(IdRequest) -> ExceptionView = exceptions::explain;
            exceptions_repush(RepushRequest) -> RepushView = exceptions::repush;
            remedy_run(RemedyRequest) -> RemedyReport = exceptions::run_remedy;
            // 库存
            stock_list(StockQuery) -> StockPage = stock::list;
            stock_push(StockPushRequest) -> StockPushView = stock::push;
            // 打印
            printers_list(Empty) -> PrintersView = printing::list;
            printers_add(PrintersAdd) -> PrintersAdded = printing::add;
            printers_look(Empty) -> PrintersView = printing::look;
            printer_edit(PrinterEdit) -> Empty = printing::edit;
            printer_account_edit(PrinterAccountEdit) -> PrinterAccountKept = printing::edit_account;
            printer_test(IdRequest) -> Empty = printing::test;
            printer_clear(IdRequest) -> Count = printing::clear;
            store_printing_set(StorePrintingSet) -> Empty = printing::assign;
            receipt_template_get(Empty) -> TemplateView = printing::template;
            receipt_template_set(TemplateView) -> TemplateView = printing::set_template;
            receipt_preview(ReceiptPreviewRequest) -> ReceiptPreview = printing::preview;
            tickets_list(TicketQuery) -> TicketList = printing::tickets;
            ticket_page(IdRequest) -> SlipPageView = printing::ticket_page;
            ticket_decide(TicketDecide) -> Empty = printing::decide;
            slip_reprint(SlipRequest) -> Empty = printing::reprint;
            printer_remove(IdRequest) -> Empty = printing::remove;
            // 任务中心
            jobs_list(Empty) -> JobList = jobs::list;
            jobs_get(IdRequest) -> JobDetail = jobs::get;
            job_cancel(IdRequest) -> Empty = jobs::cancel;
            job_pause(PauseRequest) -> Empty = jobs::pause;
            tasks_retry(RetryRequest) -> Count = jobs::retry;
            // care
            doctor_run(Empty) -> DoctorReport = app::doctor;
            backups_list(Empty) -> Backups = app::backups;
            backup_create(Empty) -> BackupView = app::backup;
            backup_verify(PathRequest) -> BackupView = app::verify_backup;
            backup_restore(PathRequest) -> Empty = app::restore;
            diagnostics_export(PathRequest) -> DiagnosticsView = app::diagnostics;
        }
    };
}

macro_rules! typescript {
    ($($name:ident($request:ident) -> $response:ident = $feature:ident :: $body:ident;)+) => {
        /// The TypeScript text: all types, and `Commands` from name to request and response.
        pub fn typescript() -> String {
            let mut all = $crate::export::Declarations::default();
            let mut map = String::from("/** Every command of the api: name to request and response. */\nexport interface Commands {\n");
            $(
                let request = all.add::<$request>();
                let response = all.add::<$response>();
                map.push_str(&format!("  {}: {{ request: {request}; response: {response} }};\n", stringify!($name)));
            )+
            map.push_str("}\n");
            format!("// Made from the Rust crate `api` by its test `typescript_is_current`. Do not edit.\n\n{}\n{map}", all.text())
        }

        /// The names of all commands, in the order of the list.
        pub const NAMES: &[&str] = &[$(stringify!($name)),+];
    };
}

each_command!(typescript);

#[cfg(test)]
mod tests {
    /// Set `GUITAI_WRITE=1` to write it anew.
    #[test]
    fn typescript_is_current() {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/api/generated/index.ts");
        let now = super::typescript();
        if std::env::var_os("GUITAI_WRITE").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &now).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == now,
            "ui/src/api/generated is out of date: run with GUITAI_WRITE=1"
        );
    }
}

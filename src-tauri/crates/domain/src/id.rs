//! Typed ids. Local ids are SQLite row ids; ids that platforms give are text and have no type here.

use serde::{Deserialize, Serialize};

macro_rules! local_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

local_id! {
    /// An app identity and merchant at a platform or an ERP (账号).
    AccountId,
    /// One shop on one platform (门店).
    StoreId,
    /// A product of the library (商品).
    ProductId,
    /// One specification of a product (规格).
    SkuId,
    /// A node of the library's category tree (分类).
    CategoryId,
    /// One SKU wanted in one store (铺货).
    OfferId,
    /// A product as the platform holds it (门店商品).
    ListingId,
    /// A specification as the platform holds it.
    ListingSkuId,
    /// A group inside a platform store (分组).
    GroupId,
    /// An order (订单).
    OrderId,
    /// A line of an order.
    OrderLineId,
    /// A task of the outbox.
    TaskId,
    /// One undoable change batch.
    BatchId,
    /// An account at a printer cloud, or that of the printers in the own network.
    PrinterAccountId,
    /// A printer (打印机).
    PrinterId,
    /// A slip on its way to paper.
    TicketId,
    /// A long job shown in the task centre (任务中心).
    JobId,
}

//! The port every ERP implements.

use crate::error::{Layer, RemoteError};
use crate::platform::{ConsentAnswer, CredentialField, Probe, RefreshedToken, unsupported};
use crate::session::Session;
use async_trait::async_trait;
use domain::allocation::{BillLine, allocate};
use domain::money::Money;
use serde::{Deserialize, Serialize};
use url::Url;

/// Facts of an ERP as data.
#[derive(Clone, Debug, Serialize)]
pub struct ErpDescriptor {
    /// Stable id, as in design.md.
    pub id: &'static str,
    /// Name as merchants know it.
    pub name: &'static str,
    /// What authorizing asks for.
    pub credential_fields: Vec<CredentialField>,
    /// There is a page on which the merchant agrees ([`Erp::consent`]).
    pub consent: bool,
}

/// What an account's ERP can do about unknown outcomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ErpCapabilities {
    /// An order can be looked up by its platform number.
    pub order_lookup: bool,
    /// Uploading the same order twice makes one document.
    pub idempotent_upload: bool,
    /// Most orders that one call of [`Erp::push_orders`] takes to the ERP; longer lists go in several calls.
    pub orders_per_call: usize,
}

/// A branch (线下门店).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Branch {
    /// 线下门店编号.
    pub code: String,
    /// Name.
    pub name: String,
    /// Still in use.
    pub active: bool,
}

/// An item of the ERP.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErpItem {
    /// 系统编码: what 商品编码 must equal.
    pub code: String,
    /// The ERP's own short code, may differ.
    pub short_code: String,
    /// Name.
    pub name: String,
    /// Barcode.
    pub barcode: String,
    /// Unit.
    pub unit: String,
    /// Price.
    pub price: Option<Money>,
    /// Deleted or stopped.
    pub deleted: bool,
}

/// One page of items.
#[derive(Clone, Debug, Default)]
pub struct ItemPage {
    /// Items.
    pub items: Vec<ErpItem>,
    /// Where to go on.
    pub next: Option<String>,
}

/// Stock of one item in one branch, in thousandths of the basic unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ErpStock {
    /// 系统编码.
    pub code: String,
    /// Sellable amount in thousandths.
    pub available_milli: i64,
}

/// An order as the ERP shall book it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErpOrder {
    /// The platform's order number: the dedupe key.
    pub number: String,
    /// 线下门店编号.
    pub branch: String,
    /// The platform's store id.
    pub platform_store: String,
    /// The store's name.
    pub store_name: String,
    /// UTC ms.
    pub placed_at: i64,
    /// What the customer paid.
    pub paid: Money,
    /// Before discounts.
    pub original: Money,
    /// What the merchant gets.
    pub income: Money,
    /// Delivery fee.
    pub shipping_fee: Money,
    /// Packing fee.
    pub packing_fee: Money,
    /// Buyer's words.
    pub remark: String,
    /// Receiver.
    pub receiver_name: String,
    /// Receiver's phone.
    pub receiver_phone: String,
    /// Receiver's address.
    pub receiver_address: String,
    /// Lines.
    pub lines: Vec<ErpOrderLine>,
}

/// One line of an [`ErpOrder`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErpOrderLine {
    /// 系统编码 from the library at push time (F15a).
    pub item_code: String,
    /// Names as sold.
    pub product_name: String,
    /// Spec as sold.
    pub spec_name: String,
    /// Barcode of the library.
    pub barcode: String,
    /// The platform's product reference.
    pub product_ref: String,
    /// The platform's SKU reference.
    pub spec_ref: String,
    /// Pieces sold.
    pub quantity: i64,
    /// 基本数量 of one piece, in thousandths.
    pub base_quantity_milli: i64,
    /// Price of one.
    pub price: Money,
}

/// An order's money shared out so that it adds up: `lines` and `fees` together are exactly what was paid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderShares {
    /// What each line comes to after its part of the discount.
    pub lines: Vec<Money>,
    /// Delivery and packing fees after theirs.
    pub fees: Money,
}

impl ErpOrder {
    /// Shares the discount over lines and fees, exact to the fen, for ERPs that check the sum. The discount is what lines
    /// and fees come to above what was paid; the lines bear it first. What was paid beyond both counts as fees.
    pub fn shares(&self) -> OrderShares {
        let fees = self.shipping_fee + self.packing_fee;
        let bill: Vec<BillLine> = self
            .lines
            .iter()
            .map(|line| BillLine {
                price: line.price.times(line.quantity),
                discount: Money::ZERO,
            })
            .collect();
        let goods: Money = bill.iter().map(|line| line.price).sum();
        let discount = goods + fees - self.paid;
        let borne = discount.0.clamp(0, goods.0.max(0));
        let parts = allocate(&bill, Money(borne)).unwrap_or_else(|_| vec![Money::ZERO; bill.len()]);
        let lines: Vec<Money> = bill
            .iter()
            .zip(parts)
            .map(|(line, part)| line.price - part)
            .collect();
        let rest: Money = lines.iter().copied().sum();
        OrderShares {
            fees: self.paid - rest,
            lines,
        }
    }
}

/// A refund as the ERP shall book it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErpRefund {
    /// The refund's own number: the dedupe key.
    pub number: String,
    /// The order's number.
    pub order: String,
    /// Money back.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// Lines that come back, all of the order's for a whole one; empty where money alone goes back.
    pub lines: Vec<ErpOrderLine>,
}

/// A document in the ERP.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ErpDocument {
    /// The platform's order or refund number it stands for.
    pub reference: String,
    /// The ERP's own number; the reference where it tells none.
    pub number: String,
}

/// An ERP.
#[async_trait]
pub trait Erp: Send + Sync {
    /// Facts as data.
    fn descriptor(&self) -> &ErpDescriptor;

    /// What this account offers (a setting where the vendor's facts are uncertain).
    fn capabilities(&self, session: &Session) -> ErpCapabilities;

    /// Tests one layer of the connection.
    async fn probe(&self, session: &Session, layer: Layer) -> Result<Probe, RemoteError>;

    /// Fresh credential fields when the token nears its end.
    async fn refresh(&self, session: &Session) -> Result<Option<RefreshedToken>, RemoteError>;

    /// The page on which the merchant agrees; as [`crate::platform::Platform::consent`].
    fn consent(&self, _session: &Session, _return_to: &Url, _state: &str) -> Result<Url, RemoteError> {
        Err(unsupported("consent"))
    }

    /// Turns what that page brought back into credential fields; as [`crate::platform::Platform::redeem`].
    async fn redeem(
        &self,
        _session: &Session,
        _answer: &ConsentAnswer,
        _return_to: &Url,
    ) -> Result<RefreshedToken, RemoteError> {
        Err(unsupported("consent"))
    }

    /// Branches.
    async fn branches(&self, session: &Session) -> Result<Vec<Branch>, RemoteError>;

    /// One page of items, deleted ones included; start with `None`.
    async fn items(&self, session: &Session, cursor: Option<&str>) -> Result<ItemPage, RemoteError>;

    /// Stock of items in the session's branch; items the ERP does not know are left out.
    async fn stock(&self, session: &Session, codes: &[String]) -> Result<Vec<ErpStock>, RemoteError>;

    /// Books several orders of the session's branch: what came of each, in their order. A call that succeeded says nothing
    /// about its rows; one whose answer never came leaves the outcome of every row unknown. An ERP that takes one order a
    /// call does them [`one_by_one`].
    async fn push_orders(
        &self,
        session: &Session,
        orders: &[ErpOrder],
    ) -> Vec<Result<ErpDocument, RemoteError>>;

    /// Books one order.
    async fn push_order(&self, session: &Session, order: &ErpOrder) -> Result<ErpDocument, RemoteError> {
        only(self.push_orders(session, std::slice::from_ref(order)).await)
    }

    /// Books one refund.
    async fn push_refund(&self, session: &Session, refund: &ErpRefund) -> Result<ErpDocument, RemoteError>;

    /// Looks an order up by its platform number; only with `order_lookup`.
    async fn find_order(&self, session: &Session, number: &str) -> Result<Option<ErpDocument>, RemoteError>;
}

/// Books orders where a call takes one of them.
pub async fn one_by_one<'a, F>(
    orders: &'a [ErpOrder],
    book: impl Fn(&'a ErpOrder) -> F,
) -> Vec<Result<ErpDocument, RemoteError>>
where
    F: Future<Output = Result<ErpDocument, RemoteError>>,
{
    let mut outcomes = Vec::with_capacity(orders.len());
    for order in orders {
        outcomes.push(book(order).await);
    }
    outcomes
}

/// The outcome of a call that carried one row.
///
/// # Errors
/// What the row itself came to; [`RemoteError::Malformed`], an unknown outcome, where nothing was told of it.
pub fn only(outcomes: Vec<Result<ErpDocument, RemoteError>>) -> Result<ErpDocument, RemoteError> {
    let untold = || RemoteError::Malformed {
        raw: "no outcome".to_owned(),
    };
    outcomes.into_iter().next().unwrap_or_else(|| Err(untold()))
}

/// The two layers of the connection test that the list of branches answers: that it may be read ([`Layer::Permission`]),
/// and that the session's branch is in it and in use ([`Layer::Store`]). Gives what the test shows.
///
/// # Errors
/// Those of [`Erp::branches`]; [`RemoteError::Refused`] for a branch that is not there.
pub async fn probe_branches(
    erp: &dyn Erp,
    session: &Session,
    layer: Layer,
) -> Result<(&'static str, String), RemoteError> {
    let branches = erp.branches(session).await?;
    if layer == Layer::Permission {
        return Ok(("branches", branches.len().to_string()));
    }
    let own = branches
        .into_iter()
        .find(|branch| branch.code == session.remote_id && branch.active);
    match own {
        Some(branch) => Ok(("name", branch.name)),
        None => Err(RemoteError::Refused {
            layer: Layer::Store,
            text: format!("ERP 中没有启用的门店编号 {}", session.remote_id),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{ErpOrder, ErpOrderLine};
    use domain::money::Money;

    fn order(paid: i64, fees: i64, lines: &[(i64, i64)]) -> ErpOrder {
        ErpOrder {
            number: "1".into(),
            branch: "99".into(),
            platform_store: String::new(),
            store_name: String::new(),
            placed_at: 0,
            paid: Money(paid),
            original: Money(paid),
            income: Money(paid),
            shipping_fee: Money(fees),
            packing_fee: Money::ZERO,
            remark: String::new(),
            receiver_name: String::new(),
            receiver_phone: String::new(),
            receiver_address: String::new(),
            lines: lines
                .iter()
                .map(|(price, quantity)| ErpOrderLine {
                    item_code: String::new(),
                    product_name: String::new(),
                    spec_name: String::new(),
                    barcode: String::new(),
                    product_ref: String::new(),
                    spec_ref: String::new(),
                    quantity: *quantity,
                    base_quantity_milli: 1000,
                    price: Money(*price),
                })
                .collect(),
        }
    }

    #[test]
    fn lines_and_fees_add_up_to_what_was_paid() {
        for (paid, fees, lines, shares, fees_then) in [
            // Nothing off, a discount over uneven lines, one that eats into the fee, more paid than lines and fees.
            (2480, 500, &[(990, 2)][..], &[1980][..], 500),
            (2001, 500, &[(990, 2), (333, 1)], &[1285, 216], 500),
            (300, 500, &[(990, 2)], &[0], 300),
            (2600, 500, &[(990, 2)], &[1980], 620),
        ] {
            let split = order(paid, fees, lines).shares();
            let sum: Money = split.lines.iter().copied().sum();
            assert_eq!(sum + split.fees, Money(paid));
            let shares: Vec<Money> = shares.iter().copied().map(Money).collect();
            assert_eq!((split.lines, split.fees), (shares, Money(fees_then)));
        }
    }
}

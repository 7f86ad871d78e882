//! Orders and refunds of all platforms, and the acts that make them.

use serde::{Deserialize, Serialize};

use super::{PlatformId, World};
use crate::clock::shanghai_day;
use crate::error::WorldError;

const HOUR_MS: i64 = 3_600_000;
/// 美团 treats a refund within this time of ordering as a cancellation (F34).
const CANCEL_INSTEAD_OF_REFUND_MS: i64 = 60_000;

/// Where an order stands. Completion follows 4 to 8 hours after acceptance (F30).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Paid, waiting for the shop.
    Placed,
    /// Accepted by the shop.
    Confirmed,
    /// Completed.
    Completed,
    /// Cancelled.
    Cancelled,
}

/// One order with the names and codes as they were when it was placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    /// The platform's number: at least 18 digits, as text.
    pub number: String,
    /// Its platform.
    pub platform: PlatformId,
    /// Remote id of the shop.
    pub shop: String,
    /// UTC milliseconds.
    pub placed_at: i64,
    /// Shanghai calendar day as a running number.
    pub day: i64,
    /// Running number of the shop's day, from 1.
    pub day_seq: u32,
    /// As last set; read it through [`World::order_state`], which knows about completion.
    pub state: OrderState,
    /// UTC milliseconds of acceptance.
    pub confirmed_at: Option<i64>,
    /// UTC milliseconds when it completes by itself.
    pub completes_at: Option<i64>,
    /// UTC milliseconds of the cancellation.
    pub cancelled_at: Option<i64>,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// Delivery fee in fen.
    pub shipping_fen: i64,
    /// Packaging fee in fen.
    pub package_fen: i64,
    /// Discount on the whole order in fen.
    pub discount_fen: i64,
    /// Who receives it.
    pub recipient: String,
    /// Masked phone.
    pub phone: String,
    /// Delivery address.
    pub address: String,
    /// The buyer's note.
    pub remark: String,
    /// Refunds in the order they were asked for.
    pub refunds: Vec<Refund>,
    /// How many more reads answer with parts missing (美团 `incmp_modules`, 饿百 `down_flag`).
    pub degraded_reads: u32,
}

impl Order {
    /// What the goods cost in fen, before the order's discount.
    pub fn goods_fen(&self) -> i64 {
        self.lines
            .iter()
            .map(|line| line.price_fen.saturating_mul(line.quantity))
            .sum()
    }

    /// What the customer pays in fen.
    pub fn total_fen(&self) -> i64 {
        (self.goods_fen() + self.shipping_fen + self.package_fen - self.discount_fen).max(0)
    }

    /// Whether everything has been given back.
    pub fn fully_refunded(&self) -> bool {
        self.refunds
            .iter()
            .any(|refund| refund.full && refund.state == RefundState::Agreed)
    }

    /// Whether the ERP has to hear of it: not cancelled and not given back whole.
    pub fn is_due(&self) -> bool {
        self.state != OrderState::Cancelled && !self.fully_refunded()
    }
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderLine {
    /// The platform's own listing id.
    pub listing_id: String,
    /// The platform's own spec id.
    pub spec_id: String,
    /// Our product code at that time; may be empty.
    pub code: String,
    /// 第三方SKU编码 at that time; may be empty.
    pub sku_code: String,
    /// Product name at that time.
    pub name: String,
    /// 规格名称 at that time.
    pub spec_name: String,
    /// Whether the platform treated the product as multi-spec.
    pub multi_spec: bool,
    /// Barcode at that time.
    pub upc: String,
    /// Pieces.
    pub quantity: i64,
    /// Unit price in fen.
    pub price_fen: i64,
    /// Grams per piece.
    pub weight_g: i64,
    /// 饿百 `sub_biz_order_id`, needed for refunds.
    pub line_number: String,
}

/// What a customer asks back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refund {
    /// The platform's number.
    pub number: String,
    /// The whole order.
    pub full: bool,
    /// Line index and pieces; no pieces for a refund by money alone (退差, F10).
    pub lines: Vec<(usize, i64)>,
    /// Fen.
    pub money_fen: i64,
    /// The customer's reason.
    pub reason: String,
    /// Where it stands.
    pub state: RefundState,
    /// UTC milliseconds.
    pub asked_at: i64,
}

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// Waiting for the merchant.
    Waiting,
    /// Given back.
    Agreed,
    /// Refused.
    Rejected,
}

/// A line a customer asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedLine {
    /// The platform's own listing id.
    pub listing: String,
    /// The platform's own spec id; the first spec when absent.
    #[serde(default)]
    pub spec: Option<String>,
    /// Pieces, at least 1.
    pub quantity: i64,
}

impl RequestedLine {
    /// `quantity` pieces of a listing's first spec.
    pub fn of(listing: &str, quantity: i64) -> Self {
        Self {
            listing: listing.to_owned(),
            spec: None,
            quantity,
        }
    }
}

/// What surrounds the lines of a new order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderRequest {
    /// What is bought.
    pub lines: Vec<RequestedLine>,
    /// Fen.
    pub shipping_fen: i64,
    /// Fen.
    pub package_fen: i64,
    /// Fen.
    pub discount_fen: i64,
    /// Empty = 顾客(先生).
    pub recipient: String,
    /// Note.
    pub remark: String,
}

impl World {
    /// A customer orders at `at` (UTC milliseconds). The lines keep names, codes and prices of this moment; stock goes
    /// down. Returns the order number.
    pub fn place_order(
        &mut self,
        platform: PlatformId,
        shop: &str,
        request: OrderRequest,
        at: i64,
    ) -> Result<String, WorldError> {
        if request.lines.is_empty() || request.lines.iter().any(|line| line.quantity < 1) {
            return Err(WorldError::Refused("an order needs lines of at least one piece"));
        }
        let mut lines = Vec::with_capacity(request.lines.len());
        for wanted in &request.lines {
            lines.push(self.snapshot_line(platform, shop, wanted)?);
        }
        for (wanted, line) in request.lines.iter().zip(&lines) {
            self.change_listing(platform, shop, &wanted.listing, |listing| {
                for spec in listing.specs.iter_mut().filter(|spec| spec.id == line.spec_id) {
                    spec.stock = (spec.stock - wanted.quantity).max(0);
                }
                Ok(())
            })?;
        }
        let number = self.fresh_order_number(platform, at);
        let day = shanghai_day(at);
        let order = Order {
            number: number.clone(),
            platform,
            shop: shop.to_owned(),
            placed_at: at,
            day,
            day_seq: self.last_day_seq(platform, shop, day) + 1,
            state: OrderState::Placed,
            confirmed_at: None,
            completes_at: None,
            cancelled_at: None,
            lines,
            shipping_fen: request.shipping_fen,
            package_fen: request.package_fen,
            discount_fen: request.discount_fen,
            recipient: if request.recipient.is_empty() {
                "顾客(先生)".to_owned()
            } else {
                request.recipient
            },
            phone: format!(
                "1380000{:04}_{:04}",
                self.draw().below(10_000),
                self.draw().below(10_000)
            ),
            address: "示例路1号".to_owned(),
            remark: request.remark,
            refunds: Vec::new(),
            degraded_reads: 0,
        };
        self.orders.insert(number.clone(), order);
        Ok(number)
    }

    fn snapshot_line(
        &mut self,
        platform: PlatformId,
        shop: &str,
        wanted: &RequestedLine,
    ) -> Result<OrderLine, WorldError> {
        let line_number = self.fresh_id(60_000_000_000_000_000);
        let listing = self.listing(platform, shop, &wanted.listing)?;
        let spec = match &wanted.spec {
            Some(id) => listing
                .spec(id)
                .ok_or_else(|| WorldError::UnknownSpec(id.clone()))?,
            None => listing
                .specs
                .first()
                .ok_or(WorldError::Refused("the listing has no spec"))?,
        };
        Ok(OrderLine {
            listing_id: listing.id.clone(),
            spec_id: spec.id.clone(),
            code: listing.code.clone(),
            sku_code: spec.code.clone(),
            name: listing.name.clone(),
            spec_name: spec.name.clone(),
            multi_spec: listing.multi_spec,
            upc: spec.upc.clone(),
            quantity: wanted.quantity,
            price_fen: spec.price_fen,
            weight_g: spec.weight_g,
            line_number,
        })
    }

    /// 18 digits on both of 美团 and on 京东到家, 19 on the others: too long for a JavaScript number or an Excel cell, as in
    /// real life.
    fn fresh_order_number(&mut self, platform: PlatformId, at: i64) -> String {
        let serial = self.fresh_id(0).parse::<u64>().unwrap_or_default();
        let second = at.div_euclid(1000).clamp(0, 9_999_999_999);
        match platform {
            PlatformId::MeituanShangou => format!("30{second:010}{:06}", serial % 1_000_000),
            PlatformId::MeituanWaimai => format!("31{second:010}{:06}", serial % 1_000_000),
            PlatformId::Ebai => format!("40{second:010}{:07}", serial % 10_000_000),
            PlatformId::Doudian => format!("69{second:010}{:07}", serial % 10_000_000),
            PlatformId::Eleme => format!("80{second:010}{:07}", serial % 10_000_000),
            // A JSON number on the wire: it has to fit 64 bits.
            PlatformId::Jddj => format!("25{second:010}{:06}", serial % 1_000_000),
            PlatformId::DouyinLaike => format!("10{second:010}{:07}", serial % 10_000_000),
        }
    }

    /// The highest running number of that shop and day; 0 when there was no order.
    pub fn last_day_seq(&self, platform: PlatformId, shop: &str, day: i64) -> u32 {
        self.orders
            .values()
            .filter(|order| order.platform == platform && order.shop == shop && order.day == day)
            .map(|order| order.day_seq)
            .max()
            .unwrap_or(0)
    }

    /// One order by number.
    pub fn order(&self, number: &str) -> Result<&Order, WorldError> {
        self.orders
            .get(number)
            .ok_or_else(|| WorldError::UnknownOrder(number.to_owned()))
    }

    /// One order by number, for changing.
    pub fn order_mut(&mut self, number: &str) -> Result<&mut Order, WorldError> {
        self.orders
            .get_mut(number)
            .ok_or_else(|| WorldError::UnknownOrder(number.to_owned()))
    }

    /// The state the platform would show now.
    pub fn order_state(&self, order: &Order) -> OrderState {
        match (order.state, order.completes_at) {
            (OrderState::Confirmed, Some(at)) if at <= self.now_ms() => OrderState::Completed,
            (state, _) => state,
        }
    }

    /// The shop accepts the order; it completes 4 to 8 hours later by itself.
    pub fn confirm_order(&mut self, number: &str) -> Result<(), WorldError> {
        let now = self.now_ms();
        if self.order(number)?.state != OrderState::Placed {
            return Err(WorldError::Refused("the order's state has changed"));
        }
        let waits = 4 * HOUR_MS + i64::try_from(self.draw().below(4 * 3_600_000)).unwrap_or(0);
        let order = self.order_mut(number)?;
        order.state = OrderState::Confirmed;
        order.confirmed_at = Some(now);
        order.completes_at = Some(now + waits);
        Ok(())
    }

    /// The order is cancelled by whomever.
    pub fn cancel_order(&mut self, number: &str) -> Result<(), WorldError> {
        let now = self.now_ms();
        let state = self.order_state(self.order(number)?);
        if matches!(state, OrderState::Completed | OrderState::Cancelled) {
            return Err(WorldError::Refused("the order is closed"));
        }
        let order = self.order_mut(number)?;
        order.state = OrderState::Cancelled;
        order.cancelled_at = Some(now);
        Ok(())
    }

    /// A customer gets the whole order back, agreed at once. Within one minute of ordering 美团 makes it a
    /// cancellation (F34). Returns the refund number, or `None` for a cancellation.
    pub fn full_refund(&mut self, number: &str, reason: &str) -> Result<Option<String>, WorldError> {
        let order = self.order(number)?;
        if self.now_ms() - order.placed_at <= CANCEL_INSTEAD_OF_REFUND_MS
            && matches!(
                order.platform,
                PlatformId::MeituanShangou | PlatformId::MeituanWaimai
            )
        {
            self.cancel_order(number)?;
            return Ok(None);
        }
        let all = order
            .lines
            .iter()
            .enumerate()
            .map(|(index, line)| (index, line.quantity))
            .collect();
        let money = order.total_fen();
        self.record_refund(number, true, all, money, reason, RefundState::Agreed)
            .map(Some)
    }

    /// A customer asks pieces back, agreed at once. `pieces` are (line index, pieces). Returns the refund number.
    pub fn part_refund(
        &mut self,
        number: &str,
        pieces: &[(usize, i64)],
        reason: &str,
    ) -> Result<String, WorldError> {
        let money = self.refund_value(number, pieces)?;
        self.record_refund(number, false, pieces.to_vec(), money, reason, RefundState::Agreed)
    }

    /// A customer asks for the whole order or for pieces back and waits for the merchant. Returns the refund number.
    pub fn ask_refund(
        &mut self,
        number: &str,
        pieces: Option<&[(usize, i64)]>,
        reason: &str,
    ) -> Result<String, WorldError> {
        if let Some(pieces) = pieces {
            let money = self.refund_value(number, pieces)?;
            return self.record_refund(
                number,
                false,
                pieces.to_vec(),
                money,
                reason,
                RefundState::Waiting,
            );
        }
        let order = self.order(number)?;
        let all = order
            .lines
            .iter()
            .enumerate()
            .map(|(index, line)| (index, line.quantity))
            .collect();
        let money = order.total_fen();
        self.record_refund(number, true, all, money, reason, RefundState::Waiting)
    }

    /// A refund of money alone (退差): it names no pieces and therefore never reaches the ERP (F10).
    pub fn price_difference_refund(
        &mut self,
        number: &str,
        money_fen: i64,
        reason: &str,
    ) -> Result<String, WorldError> {
        self.record_refund(number, false, Vec::new(), money_fen, reason, RefundState::Agreed)
    }

    fn refund_value(&self, number: &str, pieces: &[(usize, i64)]) -> Result<i64, WorldError> {
        let order = self.order(number)?;
        let mut money = 0;
        for (index, count) in pieces {
            let line = order
                .lines
                .get(*index)
                .ok_or(WorldError::Refused("the order has no such line"))?;
            if *count < 1 || *count > line.quantity {
                return Err(WorldError::Refused("more pieces than were bought"));
            }
            money += line.price_fen * count;
        }
        Ok(money)
    }

    fn record_refund(
        &mut self,
        number: &str,
        full: bool,
        lines: Vec<(usize, i64)>,
        money_fen: i64,
        reason: &str,
        state: RefundState,
    ) -> Result<String, WorldError> {
        let now = self.now_ms();
        let refund_number = self.fresh_id(90_000_000_000);
        let order = self.order_mut(number)?;
        if order.state == OrderState::Cancelled {
            return Err(WorldError::Refused("the order is cancelled"));
        }
        order.refunds.push(Refund {
            number: refund_number.clone(),
            full,
            lines,
            money_fen,
            reason: reason.to_owned(),
            state,
            asked_at: now,
        });
        Ok(refund_number)
    }

    /// The next `reads` reads of the order answer with parts missing.
    pub fn degrade_order(&mut self, number: &str, reads: u32) -> Result<(), WorldError> {
        self.order_mut(number)?.degraded_reads = reads;
        Ok(())
    }
}

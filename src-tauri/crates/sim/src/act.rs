//! The acts of the platform side as data, for the admin API and for scripts.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::WorldError;
use crate::world::{Authorization, ErpItem, NewListing, OrderMode, OrderRequest, PlatformId, World};

/// One act, tagged by `act`. Shops, listings, specs and orders go by their remote ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each variant is the World method of the same name, which is documented there"
)]
pub enum Act {
    AddStore {
        platform: PlatformId,
        shop: String,
        name: String,
    },
    RenameStore {
        platform: PlatformId,
        shop: String,
        name: String,
    },
    SetAuthorization {
        platform: PlatformId,
        shop: String,
        authorization: Authorization,
    },
    AddGroup {
        platform: PlatformId,
        shop: String,
        name: String,
        parent: Option<String>,
    },
    RenameGroup {
        platform: PlatformId,
        shop: String,
        group: String,
        name: String,
    },
    AddListing {
        platform: PlatformId,
        shop: String,
        listing: NewListing,
    },
    RenameListing {
        platform: PlatformId,
        shop: String,
        listing: String,
        name: String,
    },
    RenameSpec {
        platform: PlatformId,
        shop: String,
        listing: String,
        spec: String,
        name: String,
    },
    ChangeSkuCode {
        platform: PlatformId,
        shop: String,
        listing: String,
        spec: String,
        code: String,
    },
    ChangeBarcode {
        platform: PlatformId,
        shop: String,
        listing: String,
        spec: String,
        upc: String,
    },
    ChangePriceAndStock {
        platform: PlatformId,
        shop: String,
        listing: String,
        spec: String,
        price_fen: i64,
        stock: i64,
    },
    DuplicateListing {
        platform: PlatformId,
        shop: String,
        listing: String,
    },
    DeleteListing {
        platform: PlatformId,
        shop: String,
        listing: String,
    },
    PlaceOrder {
        platform: PlatformId,
        shop: String,
        order: OrderRequest,
        at: Option<i64>,
    },
    ConfirmOrder {
        number: String,
    },
    CancelOrder {
        number: String,
    },
    FullRefund {
        number: String,
        reason: String,
    },
    PartRefund {
        number: String,
        pieces: Vec<(usize, i64)>,
        reason: String,
    },
    AskRefund {
        number: String,
        pieces: Option<Vec<(usize, i64)>>,
        reason: String,
    },
    PriceDifferenceRefund {
        number: String,
        money_fen: i64,
        reason: String,
    },
    DegradeOrder {
        number: String,
        reads: u32,
    },
    ErpAddBranch {
        num: String,
        code: String,
        name: String,
    },
    ErpAddItem {
        item: ErpItem,
    },
    ErpDeleteItem {
        num: String,
    },
    ErpRestoreItem {
        num: String,
    },
    ErpSetReceive {
        branch: String,
        receives: bool,
    },
    ErpSetStock {
        branch: String,
        item: String,
        milli: i64,
    },
    ErpSetOrderMode {
        mode: OrderMode,
    },
    ErpTokenExpire,
    MeituanTokenExpire {
        shop: String,
    },
    MeituanIssueCode {
        shop: String,
    },
    FeieSetOnline {
        sn: String,
        online: bool,
    },
    FeieSetPaper {
        sn: String,
        paper: bool,
    },
    FeieWithdraw {
        sn: String,
    },
}

impl World {
    /// Does one act and returns what it made (an id, an order number), or null.
    pub fn act(&mut self, act: Act) -> Result<Value, WorldError> {
        match act {
            Act::PlaceOrder {
                platform,
                shop,
                order,
                at,
            } => {
                let at = at.unwrap_or_else(|| self.now_ms());
                self.place_order(platform, &shop, order, at)
                    .map(|number| json!(number))
            }
            Act::ConfirmOrder { number } => self.confirm_order(&number).map(|()| Value::Null),
            Act::CancelOrder { number } => self.cancel_order(&number).map(|()| Value::Null),
            Act::FullRefund { number, reason } => {
                self.full_refund(&number, &reason).map(|refund| json!(refund))
            }
            Act::PartRefund {
                number,
                pieces,
                reason,
            } => self
                .part_refund(&number, &pieces, &reason)
                .map(|refund| json!(refund)),
            Act::AskRefund {
                number,
                pieces,
                reason,
            } => self
                .ask_refund(&number, pieces.as_deref(), &reason)
                .map(|refund| json!(refund)),
            Act::PriceDifferenceRefund {
                number,
                money_fen,
                reason,
            } => self
                .price_difference_refund(&number, money_fen, &reason)
                .map(|refund| json!(refund)),
            Act::DegradeOrder { number, reads } => self.degrade_order(&number, reads).map(|()| Value::Null),
            other => self.act_on_erp(other),
        }
    }

    fn act_on_erp(&mut self, act: Act) -> Result<Value, WorldError> {
        match act {
            Act::ErpAddBranch { num, code, name } => self.erp_add_branch(&num, &code, &name),
            Act::ErpAddItem { item } => self.erp_add_item(item),
            Act::ErpDeleteItem { num } => self.erp_delete_item(&num),
            Act::ErpRestoreItem { num } => self.erp_restore_item(&num),
            Act::ErpSetReceive { branch, receives } => self.erp_set_receive(&branch, receives),
            Act::ErpSetStock { branch, item, milli } => self.erp_set_stock(&branch, &item, milli),
            Act::ErpSetOrderMode { mode } => {
                self.erp.order_mode = mode;
                Ok(())
            }
            Act::ErpTokenExpire => {
                self.erp_token_expire();
                Ok(())
            }
            Act::MeituanTokenExpire { shop } => self.meituan_token_expire(&shop),
            Act::FeieSetOnline { sn, online } => self.feie_set_online(&sn, online),
            Act::FeieSetPaper { sn, paper } => self.feie_set_paper(&sn, paper),
            Act::FeieWithdraw { sn } => self.feie_withdraw(&sn),
            other => return self.act_on_shop(other),
        }
        .map(|()| Value::Null)
    }

    fn act_on_shop(&mut self, act: Act) -> Result<Value, WorldError> {
        let nothing = |()| Value::Null;
        match act {
            Act::AddStore { platform, shop, name } => self.add_store(platform, &shop, &name).map(nothing),
            Act::RenameStore { platform, shop, name } => {
                self.rename_store(platform, &shop, &name).map(nothing)
            }
            Act::SetAuthorization {
                platform,
                shop,
                authorization,
            } => self
                .set_authorization(platform, &shop, authorization)
                .map(nothing),
            Act::AddGroup {
                platform,
                shop,
                name,
                parent,
            } => self
                .add_group(platform, &shop, &name, parent.as_deref())
                .map(|id| json!(id)),
            Act::RenameGroup {
                platform,
                shop,
                group,
                name,
            } => self.rename_group(platform, &shop, &group, &name).map(nothing),
            Act::AddListing {
                platform,
                shop,
                listing,
            } => self.add_listing(platform, &shop, listing).map(|id| json!(id)),
            Act::RenameListing {
                platform,
                shop,
                listing,
                name,
            } => self.rename_listing(platform, &shop, &listing, &name).map(nothing),
            Act::RenameSpec {
                platform,
                shop,
                listing,
                spec,
                name,
            } => self
                .rename_spec(platform, &shop, &listing, &spec, &name)
                .map(nothing),
            Act::ChangeSkuCode {
                platform,
                shop,
                listing,
                spec,
                code,
            } => self
                .change_sku_code(platform, &shop, &listing, &spec, &code)
                .map(nothing),
            Act::ChangeBarcode {
                platform,
                shop,
                listing,
                spec,
                upc,
            } => self
                .change_barcode(platform, &shop, &listing, &spec, &upc)
                .map(nothing),
            Act::ChangePriceAndStock {
                platform,
                shop,
                listing,
                spec,
                price_fen,
                stock,
            } => self
                .change_price_and_stock(platform, &shop, &listing, &spec, price_fen, stock)
                .map(nothing),
            Act::DuplicateListing {
                platform,
                shop,
                listing,
            } => self
                .duplicate_listing(platform, &shop, &listing)
                .map(|id| json!(id)),
            Act::DeleteListing {
                platform,
                shop,
                listing,
            } => self.delete_listing(platform, &shop, &listing).map(nothing),
            Act::MeituanIssueCode { shop } => self.meituan_issue_code(&shop).map(|code| json!(code)),
            // The other acts were taken by the two matches before this one.
            _ => Err(WorldError::Refused("the act is unknown")),
        }
    }
}

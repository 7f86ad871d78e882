//! `listings`: what is done with single products on the platforms.

use super::sync::reported;
use crate::data::{self, Place};
use crate::outcome::{Done, Failure, Outcome};
use crate::table::table;
use clap::Subcommand;
use connect::platform::{Condition, ConditionKind};
use domain::id::ListingId;
use engine::Engine;
use engine::sync::visibility::{Visibility, Way};
use serde_json::json;
use std::collections::BTreeSet;
use storage::listing::GroupRow;
use storage::views::listings::ListingFilter;

/// 门店商品的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 从平台删除商品，删了拿不回来；商品库里的不动
    Delete {
        /// 门店商品（不是规格）的编号；可以写多个
        #[arg(required = true)]
        listings: Vec<i64>,
        /// 要删除的个数，和写的编号一样多才会做
        #[arg(long, value_name = "N")]
        confirm: usize,
    },
    /// 为什么顾客看不见：逐条问平台
    Why {
        /// 门店商品（不是规格）的编号
        listing: i64,
    },
    /// 列出一家门店的商品和它们的编号
    List {
        /// 门店编号
        store: i64,
        /// 名称、编码或条码
        #[arg(long, default_value = "")]
        search: String,
    },
    /// 一家门店的店内分类；给出编号就按这个顺序排
    Groups {
        /// 门店编号
        store: i64,
        /// 同一级的全部分类编号，按要的顺序；不写则只列出
        #[arg(value_name = "ID")]
        order: Vec<String>,
    },
}

pub(crate) async fn run(command: Command, place: &Place) -> Done {
    match command {
        Command::Delete { listings, confirm } => {
            let listings: BTreeSet<ListingId> = listings.into_iter().map(ListingId).collect();
            if listings.len() != confirm {
                let text = format!(
                    "写了 {} 个商品，--confirm 写的是 {confirm}：核对后再来，什么都没有删",
                    listings.len()
                );
                return Err(Failure::refused("count_differs", text));
            }
            let engine = place.write()?;
            let listings: Vec<ListingId> = listings.into_iter().collect();
            let report = engine.delete_listings(&listings).await?;
            reported(&engine, &report)
        }
        Command::Why { listing } => {
            let engine = place.write()?;
            Ok(why(&engine.why_not_visible(ListingId(listing)).await?))
        }
        Command::List { store, search } => list(&place.read()?, store, search),
        Command::Groups { store, order } if order.is_empty() => {
            let engine = place.read()?;
            let store = data::store(&engine, store)?;
            Ok(groups(&engine.store_groups(store)?, true))
        }
        Command::Groups { store, order } => {
            let engine = place.write()?;
            let store = data::store(&engine, store)?;
            let known = engine.store_groups(store)?;
            let parent = known.iter().find(|group| order.first() == Some(&group.remote_id));
            let parent = parent.and_then(|group| group.parent.clone());
            let done = engine.order_groups(store, parent.as_deref(), &order).await?;
            Ok(groups(&done.groups, done.as_asked))
        }
    }
}

fn why(found: &Visibility) -> Outcome {
    let mut lines = Vec::new();
    let mut rows = Vec::new();
    for one in &found.conditions {
        let Condition {
            kind,
            holds,
            number,
            text,
        } = &one.condition;
        let value = match (kind, number) {
            (ConditionKind::Stock, Some(pieces)) => format!("{pieces} 件"),
            (ConditionKind::Group, _) => text.clone(),
            (ConditionKind::Review, _) if text == "pending" => "审核中".to_owned(),
            _ => String::new(),
        };
        let mark = match holds {
            Some(true) => "是",
            Some(false) => "否",
            None => "平台没说",
        };
        let advice = one.way.map(advice).unwrap_or_default();
        lines.push(vec![
            condition(*kind).to_owned(),
            mark.to_owned(),
            value,
            advice.to_owned(),
        ]);
        rows.push(json!({ "kind": kind, "holds": holds, "number": number, "text": text, "advice": advice }));
    }
    let failing = found
        .conditions
        .iter()
        .any(|one| one.condition.holds == Some(false));
    let mut shown = table(&["条件", "满足", "", "怎么办"], &lines);
    if !found.there {
        shown.push_str("平台上已经没有这个商品\n");
    }
    Outcome::judged(
        json!({ "name": found.name, "there": found.there, "conditions": rows }),
        shown,
        found.there && !failing,
    )
}

fn condition(kind: ConditionKind) -> &'static str {
    match kind {
        ConditionKind::OnShelf => "上架",
        ConditionKind::Sellable => "可售",
        ConditionKind::Group => "在店内分类里",
        ConditionKind::Stock => "有库存",
        ConditionKind::Review => "审核通过",
        ConditionKind::StoreOpen => "门店营业中",
    }
}

fn advice(way: Way) -> &'static str {
    match way {
        Way::PutOnShelf => "铺货打开后同步这个商品",
        Way::Stock => "改库存后 stock push",
        Way::Sync => "在商品库给它选分类，再 sync apply",
        Way::Bind => "先 match、bind 绑定商品库的商品",
        Way::BackOffice => "到商家后台开店",
        Way::Review => "换图或改内容再同步",
    }
}

fn list(engine: &Engine, store: i64, search: String) -> Done {
    let filter = ListingFilter {
        stores: vec![data::store(engine, store)?],
        search,
        view: "all".to_owned(),
    };
    let rows = engine.db().read(|c| {
        let ids = storage::views::listings::ids(c, &filter)?;
        storage::views::listings::rows(c, &ids)
    })?;
    let listed: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({ "listing": row.listing, "listing_sku": row.id, "remote_id": row.remote_id, "name": row.name,
                "spec_name": row.spec_name, "outer_sku_code": row.outer_sku_code, "on_sale": row.on_sale,
                "stock": row.stock })
        })
        .collect();
    let shown: Vec<Vec<String>> = rows
        .iter()
        .map(|row| vec![row.listing.to_string(), row.name.clone(), row.spec_name.clone()])
        .collect();
    let text = table(&["编号", "名称", "规格"], &shown);
    Ok(Outcome::well(json!({ "listings": listed }), text))
}

fn groups(rows: &[GroupRow], as_asked: bool) -> Outcome {
    let listed: Vec<_> = rows
        .iter()
        .map(|group| json!({ "id": group.remote_id, "name": group.name, "parent": group.parent }))
        .collect();
    let shown: Vec<Vec<String>> = rows
        .iter()
        .map(|group| {
            let parent = group.parent.clone().unwrap_or_default();
            vec![group.remote_id.clone(), group.name.clone(), parent]
        })
        .collect();
    let mut text = table(&["编号", "店内分类", "上一级"], &shown);
    if !as_asked {
        text.push_str("平台没有照着排，上面是它现在的顺序\n");
    }
    Outcome::judged(json!({ "groups": listed, "as_asked": as_asked }), text, as_asked)
}

//! `category`: the platforms' own 类目, and choosing one for a product.

use super::sync::reported;
use crate::data::{self, Place};
use crate::outcome::{Done, Failure, Outcome};
use crate::table::table;
use clap::Subcommand;
use domain::id::ProductId;
use engine::sync::category::CategoryChoice;
use engine::sync::plan::Choices;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use storage::platform_category::CategoryNode;

/// 类目的命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 列出平台的类目（读过一次就存在本机）
    List {
        /// 门店编号
        store: i64,
        /// 只列路径里有这几个字的
        #[arg(long)]
        search: Option<String>,
        /// 向平台重新读取
        #[arg(long)]
        fresh: bool,
    },
    /// 这个类目要填什么
    Asks {
        /// 门店编号
        store: i64,
        /// 类目编号，category list 给出的 id
        category: String,
    },
    /// 给商品换类目，并把这个商品再同步一次
    Set {
        /// 门店编号；换好的类目用于这个平台的所有门店
        store: i64,
        /// 商品编号，library list 给出的 id
        product: i64,
        /// 类目编号
        category: String,
        /// 类目要填的，KEY=值；可以写多次
        #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
        attribute: Vec<(String, String)>,
    },
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("要写成 KEY=值")?;
    Ok((key.to_owned(), value.to_owned()))
}

pub(crate) async fn run(command: Command, place: &Place) -> Done {
    let engine = place.write()?;
    match command {
        Command::List { store, search, fresh } => {
            let store = data::store(&engine, store)?;
            let tree = engine.platform_categories(store, fresh).await?;
            Ok(listed(
                tree.read_at,
                &tree.categories,
                search.as_deref().unwrap_or_default(),
            ))
        }
        Command::Asks { store, category } => {
            let store = data::store(&engine, store)?;
            let asked = engine.category_attributes(store, &category).await?;
            let asked: Vec<_> = asked.into_iter().filter(|one| !one.given).collect();
            let rows: Vec<Value> = asked
                .iter()
                .map(|one| {
                    json!({ "key": one.key, "name": one.name, "required": one.required, "values": one.values })
                })
                .collect();
            let shown: Vec<Vec<String>> = asked
                .into_iter()
                .map(|one| {
                    let needed = if one.required { "必填" } else { "可以不填" };
                    vec![one.key, one.name, needed.to_owned(), one.values.join("、")]
                })
                .collect();
            Ok(Outcome::well(
                json!({ "attributes": rows }),
                table(&["KEY", "名称", "", "可选的值"], &shown),
            ))
        }
        Command::Set {
            store,
            product,
            category,
            attribute,
        } => {
            let store = data::store(&engine, store)?;
            let choice = CategoryChoice {
                category_id: category,
                attributes: attribute.into_iter().collect::<BTreeMap<_, _>>(),
            };
            // Nobody has to list them first: what was never read is read now.
            engine.platform_categories(store, false).await?;
            let products = [ProductId(product)];
            let kept = engine.keep_category(store, &products, &choice)?;
            let report = engine
                .sync_apply(&kept.stores, &Choices::only(&products))
                .await
                .map_err(Failure::from)?;
            reported(&engine, &report)
        }
    }
}

fn listed(read_at: i64, categories: &[CategoryNode], search: &str) -> Outcome {
    let mut paths: HashMap<&str, String> = HashMap::new();
    let mut rows = Vec::new();
    let mut shown = Vec::new();
    for node in categories {
        let above = node.parent.as_deref().and_then(|parent| paths.get(parent));
        let path = above.map_or_else(|| node.name.clone(), |above| format!("{above}/{}", node.name));
        if path.contains(search) {
            rows.push(
                json!({ "id": node.id, "name": node.name, "parent": node.parent, "path": path,
                "leaf": node.leaf, "permitted": node.permitted }),
            );
            if node.leaf {
                let not = if node.permitted == Some(false) {
                    "没有经营权限"
                } else {
                    ""
                };
                shown.push(vec![node.id.clone(), path.clone(), not.to_owned()]);
            }
        }
        paths.insert(&node.id, path);
    }
    Outcome::well(
        json!({ "read_at": read_at, "categories": rows }),
        table(&["编号", "类目", ""], &shown),
    )
}

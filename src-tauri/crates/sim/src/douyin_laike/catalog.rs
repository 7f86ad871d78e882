//! 类目 and what they ask of a product (5).

use serde_json::{Value, json};

use super::{Answer, Body, Refusal, field, need, number};
use crate::world::{Taxon, World};

/// What every template of a package asks for: key, name, whether it must be there, whether it is a list, kind, example.
const ATTRIBUTES: [(&str, &str, bool, bool, &str, &str); 8] = [
    (
        "commodity",
        "菜品搭配",
        true,
        true,
        "struct",
        r#"[{"group_name":"主食","total_count":1,"option_count":1,"item_list":[{"name":"牛肉面","price":2500,"count":1,"unit":"份"}]}]"#,
    ),
    (
        "image_list",
        "封面图",
        false,
        true,
        "struct",
        r#"[{"url":"https://example.com/a.jpg"}]"#,
    ),
    (
        "dishes_image_list",
        "菜品图",
        false,
        true,
        "struct",
        r#"[{"url":"https://example.com/a.jpg"}]"#,
    ),
    ("Description", "商品描述", false, true, "string", r#"["说明"]"#),
    (
        "use_date",
        "使用日期",
        false,
        false,
        "struct",
        r#"{"use_date_type":2,"day_duration":30}"#,
    ),
    (
        "use_time",
        "使用时间",
        false,
        false,
        "struct",
        r#"{"use_time_type":1}"#,
    ),
    ("show_channel", "投放渠道", false, false, "int64", "1"),
    ("free_pack", "是否可以打包", false, false, "bool", "true"),
];

fn of_level<'a>(world: &'a World, parent: &'a str) -> impl Iterator<Item = &'a Taxon> {
    world
        .laike
        .taxonomy
        .values()
        .filter(move |taxon| taxon.parent_id == parent)
}

fn node(world: &World, taxon: &Taxon, deep: bool) -> Value {
    let below: Vec<Value> = if deep {
        of_level(world, &taxon.id)
            .map(|child| node(world, child, true))
            .collect()
    } else {
        Vec::new()
    };
    json!({
        "category_id": taxon.id.parse::<i64>().unwrap_or_default(), "name": taxon.name, "level": taxon.depth,
        "parent_id": taxon.parent_id.parse::<i64>().unwrap_or_default(), "is_leaf": taxon.depth == 3, "enable": true,
        "sub_tree_infos": below,
    })
}

/// The children of a node, or with `query_category_type` 1 the whole tree under it; 0 and nothing name the root.
pub(super) fn categories(world: &World, body: &Body) -> Answer {
    let parent = field(body, "category_id").unwrap_or_else(|| "0".to_owned());
    let deep = number(body, "query_category_type")? == Some(1);
    let tree: Vec<Value> = of_level(world, &parent)
        .map(|taxon| node(world, taxon, deep))
        .collect();
    let mut data = Body::new();
    data.insert("category_tree_infos".into(), Value::Array(tree));
    Ok(data)
}

/// Keys that a product must have, with their names: those of every template and those asked of this merchant alone.
pub(super) fn required(world: &World) -> Vec<(String, String)> {
    let always = ATTRIBUTES.iter().filter(|(_, _, required, ..)| *required);
    let always = always.map(|(key, name, ..)| ((*key).to_owned(), (*name).to_owned()));
    let beside = world.laike.required.iter();
    always
        .chain(beside.map(|(key, name)| (key.clone(), name.clone())))
        .collect()
}

/// A leaf of the taxonomy.
pub(super) fn leaf(world: &World, id: &str) -> Result<(), Refusal> {
    let found = world.laike.taxonomy.get(id);
    if found.is_some_and(|taxon| taxon.depth == 3) {
        return Ok(());
    }
    Err(Refusal::wrong("参数不合法: category_id不存在或不是叶子类目"))
}

pub(super) fn template(world: &World, body: &Body) -> Answer {
    leaf(world, &need(body, "category_id")?)?;
    number(body, "product_type")?.ok_or_else(|| Refusal::missing("product_type"))?;
    let required = required(world);
    let mut rows: Vec<Value> = Vec::new();
    for (key, name, _, is_multi, value_type, value_demo) in ATTRIBUTES {
        rows.push(json!({
            "key": key, "name": name, "desc": "", "is_multi": is_multi, "value_type": value_type,
            "value_demo": value_demo, "is_required": required.iter().any(|(held, _)| held == key),
        }));
    }
    let known = |key: &String| ATTRIBUTES.iter().any(|(held, ..)| held == key);
    for (key, name) in world.laike.required.iter().filter(|(key, _)| !known(key)) {
        rows.push(json!({
            "key": key, "name": name, "desc": "", "is_multi": false, "value_type": "string", "value_demo": "",
            "is_required": true,
        }));
    }
    let mut data = Body::new();
    data.insert("product_attrs".into(), Value::Array(rows));
    data.insert("spu_attrs".into(), json!([]));
    data.insert("sku_attrs".into(), json!([]));
    Ok(data)
}

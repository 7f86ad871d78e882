//! The platforms' fixed taxonomies (类目).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One node of a platform taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taxon {
    /// The platform's own id.
    pub id: String,
    /// Shown name.
    pub name: String,
    /// 1 to 3; goods take leaves (3) only.
    pub depth: u8,
    /// Id of the node above; `"0"` at the top.
    pub parent_id: String,
    /// Whether goods of this leaf must carry a barcode.
    pub barcode_required: bool,
}

/// A short built-in taxonomy of grocery goods: (first level, second level, leaf, barcode required).
const LEAVES: [(&str, &str, &str, bool); 30] = [
    ("水果", "新鲜水果", "苹果", false),
    ("水果", "新鲜水果", "柑橘", false),
    ("水果", "新鲜水果", "其他水果", false),
    ("蔬菜", "新鲜蔬菜", "叶菜", false),
    ("蔬菜", "新鲜蔬菜", "根茎", false),
    ("蔬菜", "新鲜蔬菜", "其他蔬菜", false),
    ("肉禽蛋", "肉类", "猪肉", false),
    ("肉禽蛋", "肉类", "牛羊肉", false),
    ("肉禽蛋", "蛋类", "鸡蛋", false),
    ("乳品", "牛奶", "纯牛奶", true),
    ("乳品", "牛奶", "酸奶", true),
    ("饮料", "水", "矿泉水", true),
    ("饮料", "碳酸", "汽水可乐", true),
    ("饮料", "茶饮", "茶饮料", true),
    ("饮料", "果汁", "果汁饮料", true),
    ("酒", "啤酒", "啤酒", true),
    ("酒", "白酒", "白酒", true),
    ("零食", "饼干", "饼干", true),
    ("零食", "膨化", "薯片", true),
    ("零食", "糖果", "糖果巧克力", true),
    ("零食", "坚果", "坚果炒货", true),
    ("粮油", "米面", "大米", true),
    ("粮油", "米面", "方便面", true),
    ("粮油", "调味", "调味品", true),
    ("烘焙", "面包", "面包", false),
    ("烘焙", "蛋糕", "蛋糕", false),
    ("日用", "纸品", "纸巾", true),
    ("日用", "洗护", "洗护用品", true),
    ("日用", "百货", "日用百货", false),
    ("其他", "其他", "其他商品", false),
];

/// Id of the leaf that takes everything else.
pub(crate) const FALLBACK_LEAF: &str = "其他商品";

/// The built-in taxonomy by id. Ids are digits and the same in every world.
pub fn default_taxonomy() -> BTreeMap<String, Taxon> {
    let mut nodes: BTreeMap<String, Taxon> = BTreeMap::new();
    let mut by_path: BTreeMap<String, String> = BTreeMap::new();
    let mut next = 200_000_001_u64;
    for (first, second, leaf, barcode_required) in LEAVES {
        let mut parent_id = "0".to_owned();
        let mut path = String::new();
        for (depth, name) in (1_u8..).zip([first, second, leaf]) {
            path.push('/');
            path.push_str(name);
            let id = by_path.entry(path.clone()).or_insert_with(|| {
                let id = next.to_string();
                next += 1;
                id
            });
            nodes.entry(id.clone()).or_insert_with(|| Taxon {
                id: id.clone(),
                name: name.to_owned(),
                depth,
                parent_id: parent_id.clone(),
                barcode_required: depth == 3 && barcode_required,
            });
            parent_id.clone_from(id);
        }
    }
    nodes
}

/// The leaf a platform would choose from the product name: the first one whose name shares its words, else 其他商品.
pub(crate) fn guess_leaf<'a>(taxonomy: &'a BTreeMap<String, Taxon>, product_name: &str) -> Option<&'a Taxon> {
    let leaves = || taxonomy.values().filter(|taxon| taxon.depth == 3);
    leaves()
        .find(|taxon| product_name.contains(taxon.name.as_str()))
        .or_else(|| leaves().find(|taxon| taxon.name == FALLBACK_LEAF))
        .or_else(|| leaves().next())
}

#[cfg(test)]
mod tests {
    use super::{default_taxonomy, guess_leaf};

    #[test]
    fn every_leaf_hangs_under_two_levels() {
        let nodes = default_taxonomy();
        let leaves: Vec<_> = nodes.values().filter(|taxon| taxon.depth == 3).collect();
        assert_eq!(leaves.len(), 30);
        for leaf in leaves {
            let second = &nodes[&leaf.parent_id];
            assert_eq!(nodes[&second.parent_id].depth, 1);
        }
    }

    #[test]
    fn a_name_finds_its_leaf_and_anything_else_the_fallback() {
        let nodes = default_taxonomy();
        assert_eq!(
            guess_leaf(&nodes, "示例苹果 500g").map(|taxon| taxon.name.as_str()),
            Some("苹果")
        );
        assert_eq!(
            guess_leaf(&nodes, "神秘物件").map(|taxon| taxon.name.as_str()),
            Some("其他商品")
        );
    }
}

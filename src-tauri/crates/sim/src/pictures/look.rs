//! What a product looks like, told from its name and category.

use super::canvas::Rgb;

/// The shape of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say what they are")]
pub enum Kind {
    Bottle,
    Can,
    Carton,
    Cup,
    Bowl,
    Bag,
    Pouch,
    Box,
    Jar,
    Jug,
    Wine,
    Fruit,
    Grape,
    Root,
    Mushroom,
    Leaf,
    Tray,
    Eggs,
    Ice,
    Rice,
    Bread,
    Tissue,
    Pump,
    Tube,
    Skewer,
    Card,
}

impl Kind {
    /// Every shape, in the order of their names in picture ids.
    pub const ALL: [Self; 26] = [
        Self::Bottle,
        Self::Can,
        Self::Carton,
        Self::Cup,
        Self::Bowl,
        Self::Bag,
        Self::Pouch,
        Self::Box,
        Self::Jar,
        Self::Jug,
        Self::Wine,
        Self::Fruit,
        Self::Grape,
        Self::Root,
        Self::Mushroom,
        Self::Leaf,
        Self::Tray,
        Self::Eggs,
        Self::Ice,
        Self::Rice,
        Self::Bread,
        Self::Tissue,
        Self::Pump,
        Self::Tube,
        Self::Skewer,
        Self::Card,
    ];

    /// The word for it in picture ids.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bottle => "bottle",
            Self::Can => "can",
            Self::Carton => "carton",
            Self::Cup => "cup",
            Self::Bowl => "bowl",
            Self::Bag => "bag",
            Self::Pouch => "pouch",
            Self::Box => "box",
            Self::Jar => "jar",
            Self::Jug => "jug",
            Self::Wine => "wine",
            Self::Fruit => "fruit",
            Self::Grape => "grape",
            Self::Root => "root",
            Self::Mushroom => "mushroom",
            Self::Leaf => "leaf",
            Self::Eggs => "eggs",
            Self::Tray => "tray",
            Self::Ice => "ice",
            Self::Rice => "rice",
            Self::Bread => "bread",
            Self::Tissue => "tissue",
            Self::Pump => "pump",
            Self::Tube => "tube",
            Self::Skewer => "skewer",
            Self::Card => "card",
        }
    }

    /// The shape that fits a product; the first word that occurs decides, names before categories.
    pub fn of(name: &str, category: &str) -> Self {
        let named = NAME_WORDS
            .iter()
            .find(|(words, _)| words.iter().any(|word| name.contains(word)));
        let filed = || {
            CATEGORY_WORDS
                .iter()
                .find(|(words, _)| words.iter().any(|word| category.contains(word)))
        };
        if let Some((_, kind)) = named.or_else(filed) {
            return *kind;
        }
        // A product that says nothing of itself still gets a steady shape.
        let plain = [Self::Box, Self::Pouch, Self::Bag, Self::Bottle];
        plain[usize::from(hash(name).to_le_bytes()[1]) % plain.len()]
    }
}

const NAME_WORDS: &[(&[&str], Kind)] = &[
    (
        &[
            "桶装 ",
            "自热",
            "碗",
            "小火锅",
            "米粉 ",
            "酸辣粉",
            "螺蛳粉",
            "花甲粉",
        ],
        Kind::Bowl,
    ),
    (
        &["冰淇淋", "雪糕", "甜筒", "冰棍", "绿豆冰", "红豆冰", "冰沙"],
        Kind::Ice,
    ),
    (&["牙膏", "洗面奶", "护手霜", "润唇膏"], Kind::Tube),
    (
        &[
            "洗发",
            "沐浴",
            "护发",
            "洗手液",
            "润肤",
            "洗洁精",
            "柔顺剂",
            "奶瓶清洗",
            "喷雾",
            "清新剂",
        ],
        Kind::Pump,
    ),
    (
        &[
            "抽纸",
            "卷纸",
            "湿巾",
            "洗脸巾",
            "厨房纸",
            "卫生巾",
            "护垫",
            "安睡裤",
            "纸尿裤",
            "柔巾",
            "纸巾",
            "湿厕纸",
            "卫生纸",
        ],
        Kind::Tissue,
    ),
    (
        &[
            "面膜",
            "牙线",
            "创可贴",
            "口罩",
            "饼干",
            "奶酪棒",
            "计生",
            "眼罩",
            "避孕",
            "香烟",
            "香皂",
            "内衣皂",
            "洗衣皂",
            "披萨",
            "速溶",
            "即溶",
        ],
        Kind::Box,
    ),
    (
        &[
            "罐装",
            "八宝粥",
            "罐头",
            "午餐肉",
            "啤酒",
            "易拉罐",
            "气雾剂",
            "功能饮料",
            "凉茶",
            "猪蹄罐",
        ],
        Kind::Can,
    ),
    (&["礼盒", "礼包 ", "糖水"], Kind::Box),
    (
        &[
            "酸奶",
            "发酵乳",
            "双皮奶",
            "冰杯",
            "豆浆",
            "现磨",
            "酸乳",
            "奶茶",
            "布丁",
            "纸杯",
            "果泥",
        ],
        Kind::Cup,
    ),
    (
        &[
            "纯牛奶",
            "牛奶",
            "豆奶",
            "核桃奶",
            "麦香奶",
            "低脂奶",
            "燕麦奶",
            "菊花茶",
            "酸梅汤",
            "盒装",
            "椰子水",
            "乳酸菌",
        ],
        Kind::Carton,
    ),
    (
        &[
            "洗衣液",
            "食用油",
            "花生油",
            "大豆油",
            "葵花籽油",
            "胚芽油",
            "菜籽油",
            "洁厕",
            "消毒液",
            "疏通",
            "天然水 5L",
            "4.5L",
        ],
        Kind::Jug,
    ),
    (
        &[
            "酒杯",
            "白酒",
            "葡萄酒",
            "黄酒",
            "精酿",
            "起泡酒",
            "青梅酒",
            "料酒",
            "糯米酒",
            "橄榄油",
            "生抽",
            "老抽",
            "酱油",
            "醋",
            "鸡尾酒",
            "芝麻油",
            "豉油",
        ],
        Kind::Wine,
    ),
    (
        &[
            "蚝油",
            "油辣椒",
            "黄豆酱",
            "甜面酱",
            "豆瓣",
            "蜂蜜",
            "酱",
            "口香糖",
            "藕粉",
            "罐",
        ],
        Kind::Jar,
    ),
    (&["饭团", "寿司"], Kind::Rice),
    (
        &[
            "面包",
            "吐司",
            "蛋糕",
            "三明治",
            "肉包",
            "豆沙包",
            "奶黄包",
            "叉烧包",
            "小笼包",
            "青菜包",
            "馒头",
            "蛋挞",
            "蛋黄酥",
            "小贝",
            "虎皮卷",
            "芝士 ",
            "老婆饼",
            "桃酥",
            "汉堡",
        ],
        Kind::Bread,
    ),
    (
        &["烤肠", "关东煮", "玉米 现煮", "火腿肠", "玉米肠", "串", "棒棒糖"],
        Kind::Skewer,
    ),
    (
        &["葡萄 ", "阳光玫瑰", "巨峰", "蓝莓", "车厘子", "樱桃"],
        Kind::Grape,
    ),
    (
        &["金针菇", "香菇", "杏鲍菇", "蘑菇", "大蒜", "姜"],
        Kind::Mushroom,
    ),
    (
        &[
            "青菜",
            "菠菜",
            "生菜",
            "油麦",
            "空心菜",
            "娃娃菜",
            "西兰花",
            "大葱",
            "西芹",
        ],
        Kind::Leaf,
    ),
    (
        &[
            "黄瓜 ",
            "茄子",
            "胡萝卜 ",
            "山药",
            "鲜玉米",
            "香蕉",
            "小米辣",
            "荷兰豆",
            "丝瓜",
        ],
        Kind::Root,
    ),
    (&["鸡蛋 ", "土鸡蛋", "鸭蛋", "皮蛋", "茶叶蛋"], Kind::Eggs),
    (
        &[
            "五花",
            "里脊",
            "肉末",
            "冷鲜",
            "肥牛",
            "豆腐 ",
            "便当",
            "沙拉",
            "果盒",
            "意面",
            "卤味",
            "鸡米花",
            "现炸",
            "排骨",
            "牛腩",
            "梅花肉",
        ],
        Kind::Tray,
    ),
    (
        &[
            "电池",
            "数据线",
            "充电",
            "胶带",
            "便利贴",
            "中性笔",
            "牙刷",
            "打火机",
            "扑克",
            "蜡烛",
            "耳机",
            "拖鞋",
            "袜",
            "伞",
            "固体胶",
            "修正带",
            "百洁布",
            "钢丝球",
            "手套",
            "贴",
        ],
        Kind::Card,
    ),
    (
        &["薯片", "锅巴", "仙贝", "雪饼", "辣条", "大面筋", "软糖", "海苔"],
        Kind::Bag,
    ),
    (
        &[
            "汽水",
            "饮用水",
            "天然水",
            "纯净水",
            "矿泉水",
            "可乐",
            "茶饮料",
            "果汁",
            "饮料",
            "乌龙",
            "绿茶",
            "冰红茶",
            "拿铁",
            "美式",
            "苏打水",
            "气泡",
        ],
        Kind::Bottle,
    ),
];

const CATEGORY_WORDS: &[(&[&str], Kind)] = &[
    (&["水果"], Kind::Fruit),
    (&["蔬菜"], Kind::Fruit),
    (&["肉蛋", "便当"], Kind::Tray),
    (&["薯片", "膨化", "肉脯", "糖果"], Kind::Bag),
    (&["坚果", "大米", "杂粮", "速冻", "宠物"], Kind::Pouch),
    (&["饼干", "巧克力", "特产", "厨房用品", "调味"], Kind::Box),
    (&["牛奶"], Kind::Carton),
    (&["饮料", "茶饮", "汽水", "咖啡"], Kind::Bottle),
    (&["方便面"], Kind::Bag),
    (&["清洁"], Kind::Jug),
    (&["酒"], Kind::Wine),
    (&["护理"], Kind::Pump),
    (&["文具", "百货", "杂项"], Kind::Card),
];

/// The main colours a product may have; a picture id names one by its place here.
pub(super) const COLOURS: [Rgb; 18] = [
    [0.86, 0.24, 0.22],
    [0.95, 0.55, 0.17],
    [0.96, 0.78, 0.22],
    [0.62, 0.77, 0.25],
    [0.25, 0.61, 0.35],
    [0.13, 0.60, 0.57],
    [0.31, 0.66, 0.87],
    [0.19, 0.39, 0.72],
    [0.48, 0.32, 0.70],
    [0.93, 0.55, 0.66],
    [0.49, 0.30, 0.19],
    [0.90, 0.81, 0.62],
    [0.19, 0.20, 0.24],
    [0.65, 0.15, 0.24],
    [0.80, 0.61, 0.24],
    [0.50, 0.54, 0.24],
    [0.96, 0.68, 0.52],
    [0.42, 0.50, 0.60],
];

const COLOUR_WORDS: &[(&[&str], u8)] = &[
    (
        &[
            "草莓",
            "番茄",
            "西红柿",
            "西瓜",
            "山楂",
            "红烧",
            "麻辣",
            "香辣",
            "火鸡",
            "苹果",
            "辣",
        ],
        0,
    ),
    (
        &["橙", "橘", "胡萝卜", "芒果", "芒", "柑", "虾", "南瓜", "沙棘"],
        1,
    ),
    (
        &[
            "柠檬", "香蕉", "玉米", "菠萝", "鸡蛋", "蛋", "黄油", "奶酪", "芝士", "黄桃", "柚",
        ],
        2,
    ),
    (
        &[
            "青柠",
            "猕猴桃",
            "黄瓜",
            "青瓜",
            "芦荟",
            "葱",
            "青梅",
            "阳光玫瑰",
            "梨",
        ],
        3,
    ),
    (
        &[
            "抹茶",
            "绿茶",
            "薄荷",
            "菠菜",
            "青菜",
            "龙井",
            "生菜",
            "油麦",
            "空心",
            "西兰花",
            "绿豆",
            "凉茶",
        ],
        4,
    ),
    (&["海苔", "海盐", "海带", "草本", "除菌"], 5),
    (&["葡萄酒", "红酒"], 13),
    (&["葡萄", "蓝莓", "紫薯", "薰衣草", "茄子", "提子"], 8),
    (
        &["白桃", "水蜜桃", "樱花", "荔枝", "桃", "玫瑰", "火龙果", "女"],
        9,
    ),
    (
        &[
            "巧克力",
            "咖啡",
            "拿铁",
            "可可",
            "老抽",
            "酱油",
            "生抽",
            "黑椒",
            "牛肉",
            "红茶",
            "榛",
            "豆豉",
            "栗",
        ],
        10,
    ),
    (&["美式", "黑咖", "黑芝麻", "黑米", "男", "冷萃", "黑豆"], 12),
    (&["车厘子", "红枣", "枸杞", "红豆", "酸梅"], 13),
    (
        &[
            "蜂蜜",
            "花生",
            "菜籽油",
            "大豆油",
            "胚芽",
            "金",
            "啤酒",
            "白酒",
            "礼盒",
        ],
        14,
    ),
    (&["橄榄", "普洱", "乌龙", "酸菜", "荞麦", "茶"], 15),
    (&["椰", "燕麦", "豆奶", "原味", "大米", "小米", "面粉", "麦"], 11),
    (
        &[
            "纯牛奶",
            "牛奶",
            "鲜牛奶",
            "纯净水",
            "天然水",
            "矿泉水",
            "饮用水",
            "冰",
        ],
        6,
    ),
    (&["洗衣", "电池", "消毒", "可乐"], 7),
    (&["肉", "鸡", "鸭", "牛腩", "排骨"], 16),
];

/// Colours that go with a shape when the name tells none: nobody sells blue garlic.
const SHAPE_COLOURS: &[(Kind, &[u8])] = &[
    (Kind::Fruit, &[0, 1, 2, 3, 13]),
    (Kind::Grape, &[8, 13, 3]),
    (Kind::Root, &[1, 3, 8]),
    (Kind::Mushroom, &[11, 16]),
    (Kind::Tray, &[16, 13, 9]),
    (Kind::Eggs, &[16, 11]),
    (Kind::Bread, &[14, 10, 1]),
    (Kind::Rice, &[16, 1, 0]),
    (Kind::Skewer, &[0, 14, 1]),
];

/// What is needed to draw a product: the whole of it is in its id, so a picture address needs no register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Look {
    /// The shape.
    pub kind: Kind,
    /// The place of the main colour in the palette, 0 to 17.
    pub colour: u8,
    /// The tint of the background, 0 to 7; one per first-level category.
    pub backdrop: u8,
    /// Decides emblem, label and proportions.
    pub seed: u32,
}

impl Look {
    /// The look of a product of this name in this category.
    pub fn of(name: &str, category: &str) -> Self {
        Self::with_kind(name, category, Kind::of(name, category))
    }

    /// The same with a given shape.
    pub fn with_kind(name: &str, category: &str, kind: Kind) -> Self {
        let seed = hash(name);
        let told = COLOUR_WORDS
            .iter()
            .find(|(words, _)| words.iter().any(|word| name.contains(word)));
        let pick = seed.to_le_bytes()[2];
        let usual = SHAPE_COLOURS
            .iter()
            .find(|(shape, _)| *shape == kind)
            .map(|(_, colours)| {
                colours
                    .get(usize::from(pick) % colours.len())
                    .copied()
                    .unwrap_or_default()
            });
        let colour = told.map(|(_, colour)| *colour).or(usual).unwrap_or(pick % 18);
        let top = category.split('/').next().unwrap_or_default();
        Self {
            kind,
            colour,
            backdrop: hash(top).to_le_bytes()[0] % 8,
            seed,
        }
    }

    /// The id used in picture addresses, such as `bottle-06-2-1a2b3c4d`: ASCII only.
    pub fn id(&self) -> String {
        format!(
            "{}-{:02}-{}-{:08x}",
            self.kind.word(),
            self.colour,
            self.backdrop,
            self.seed
        )
    }

    /// Reads an id back; `None` when it is not one.
    pub fn parse(id: &str) -> Option<Self> {
        let mut parts = id.split('-');
        let word = parts.next()?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word)?;
        let colour: u8 = parts
            .next()?
            .parse()
            .ok()
            .filter(|colour| usize::from(*colour) < COLOURS.len())?;
        let backdrop: u8 = parts.next()?.parse().ok().filter(|tint| *tint < 8)?;
        let seed = u32::from_str_radix(parts.next()?, 16).ok()?;
        parts.next().is_none().then_some(Self {
            kind,
            colour,
            backdrop,
            seed,
        })
    }
}

/// FNV-1a: steady across versions and machines, which the standard hasher is not.
pub(crate) fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::{Kind, Look};

    #[test]
    fn names_decide_the_shape_before_categories_do() {
        assert_eq!(Kind::of("江畔啤酒 经典 330ml罐装", "酒水/啤酒预调酒"), Kind::Can);
        assert_eq!(Kind::of("红富士苹果", "生鲜果蔬/新鲜水果"), Kind::Fruit);
        assert_eq!(Kind::of("齿悦牙膏薄荷 120g", "个人护理/口腔护理"), Kind::Tube);
    }

    #[test]
    fn an_id_holds_the_whole_look() {
        let look = Look::of("云岭气泡水青柠 480ml", "饮料乳品/包装水");
        assert_eq!(Look::parse(&look.id()), Some(look));
        for broken in [
            "",
            "bottle",
            "bottle-99-1-00",
            "teapot-01-1-00",
            "can-01-9-00",
            "can-01-1-zz",
            "can-01-1-00-7",
        ] {
            assert_eq!(Look::parse(broken), None, "{broken}");
        }
    }
}

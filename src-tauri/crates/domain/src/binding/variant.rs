//! Words that set the members of one family apart: flavour, colour, target, kind.
//!
//! `番茄味薯片` and `黄瓜味薯片` share nearly everything that a similarity sees. If both names carry a word of the
//! same family and not one in common, they are not the same goods; if one carries a word and the other none, nothing
//! is known.

/// Families of words that exclude one another. Longer words come before the shorter ones inside them.
const FAMILIES: &[&[&str]] = &[
    &[
        "原味",
        "香辣",
        "麻辣",
        "酸辣",
        "泡椒",
        "藤椒",
        "番茄",
        "西红柿",
        "黄瓜",
        "烧烤",
        "烤肉",
        "牛肉",
        "鸡肉",
        "鸡汁",
        "猪肉",
        "排骨",
        "海鲜",
        "鲜虾",
        "虾",
        "蟹",
        "孜然",
        "五香",
        "卤香",
        "酱香",
        "咖喱",
        "芝士",
        "奶酪",
        "海苔",
        "葱香",
        "香葱",
        "蒜香",
        "椒盐",
        "草莓",
        "蓝莓",
        "香草",
        "巧克力",
        "可可",
        "牛奶",
        "鲜奶",
        "奶香",
        "抹茶",
        "绿茶",
        "红茶",
        "乌龙",
        "茉莉",
        "柠檬",
        "橙",
        "桔",
        "橘",
        "葡萄",
        "提子",
        "苹果",
        "水蜜桃",
        "蜜桃",
        "白桃",
        "黄桃",
        "芒果",
        "菠萝",
        "凤梨",
        "西瓜",
        "哈密瓜",
        "香蕉",
        "荔枝",
        "椰",
        "樱桃",
        "石榴",
        "山楂",
        "红枣",
        "枣",
        "花生",
        "核桃",
        "杏仁",
        "芝麻",
        "红豆",
        "绿豆",
        "玉米",
        "紫薯",
        "薄荷",
        "芦荟",
        "玫瑰",
        "薰衣草",
        "桂花",
        "老坛酸菜",
        "酸菜",
        "红烧",
        "清炖",
        "鱼香",
        "话梅",
        "青梅",
        "乌梅",
        "百香果",
        "火龙果",
        "胡萝卜",
        "菠菜",
    ],
    &[
        "红色", "蓝色", "绿色", "黑色", "白色", "黄色", "紫色", "粉色", "灰色", "金色", "银色", "橙色",
        "棕色",
    ],
    &["男", "女"],
    &["儿童", "婴儿", "宝宝", "成人", "老年"],
    &["日用", "夜用", "护垫"],
    &[
        "去屑", "柔顺", "修护", "修复", "控油", "保湿", "美白", "滋养", "丝质", "乌黑", "强韧", "清爽",
        "净透",
    ],
    &[
        "洗发",
        "护发",
        "沐浴",
        "洗面",
        "洁面",
        "洗衣液",
        "洗衣粉",
        "洗洁精",
        "牙膏",
        "牙刷",
        "香皂",
        "洗手",
    ],
    &["无糖", "低糖", "含糖"],
    &["全脂", "脱脂", "低脂"],
];

/// How two names stand in these families: (some family has words on both sides and none in common, some family has a
/// word on one side only).
pub fn compare(left: &[char], right: &[char]) -> (bool, bool) {
    let left: String = left.iter().collect();
    let right: String = right.iter().collect();
    let mut differs = false;
    let mut one_side = false;
    for family in FAMILIES {
        let (mut both, mut only_left, mut only_right) = (false, false, false);
        for word in *family {
            match (left.contains(word), right.contains(word)) {
                (true, true) => both = true,
                (true, false) => only_left = true,
                (false, true) => only_right = true,
                (false, false) => {}
            }
        }
        differs |= only_left && only_right;
        one_side |= !both && (only_left != only_right);
    }
    (differs, one_side)
}

#[cfg(test)]
mod tests {
    use super::compare;

    fn of(left: &str, right: &str) -> (bool, bool) {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        compare(&chars(left), &chars(right))
    }

    #[test]
    fn siblings_of_one_family_exclude_one_another() {
        assert_eq!(of("乐事番茄味薯片", "乐事黄瓜味薯片"), (true, false));
        assert_eq!(of("乐事番茄味薯片", "乐事薯片"), (false, true));
        assert_eq!(of("乐事番茄味薯片", "番茄味薯片乐事"), (false, false));
    }
}

//! What a slip says, and where each thing stands.

use super::clean::{columns, printable, wrapped};
use super::{Line, Page, Paper, Size};
use crate::money::Money;
use serde::{Deserialize, Serialize};

/// Kinds of slip. The closed set; text in SQLite.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlipKind {
    /// 订单小票.
    Receipt,
    /// 退款单.
    Refund,
    /// 取消单: ours, where a platform makes a cancellation of a refund (F34).
    Cancel,
    /// 测试页.
    Test,
}

impl SlipKind {
    /// The name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Refund => "refund",
            Self::Cancel => "cancel",
            Self::Test => "test",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Receipt => "",
            Self::Refund => "退款单",
            Self::Cancel => "取消单",
            Self::Test => "测试页",
        }
    }
}

/// One line of goods.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SlipLine {
    /// 商品名称.
    pub product: String,
    /// 规格名称; not printed where the template leaves it out.
    pub spec: String,
    /// Pieces.
    pub quantity: i64,
    /// Price of one.
    pub price: Money,
}

/// Everything a slip may say. Empty texts are left out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SlipText {
    /// The platform's name as merchants know it.
    pub platform: String,
    /// The store's name.
    pub store: String,
    /// The running number of the day, 0 when there is none.
    pub day_seq: i64,
    /// The platform's order number.
    pub number: String,
    /// When it was placed, as people read it.
    pub placed: String,
    /// Goods.
    pub lines: Vec<SlipLine>,
    /// Amounts below the goods, in order, with their words (配送费, 实付 …). The last one is printed large.
    pub totals: Vec<(String, Money)>,
    /// The buyer's words.
    pub remark: String,
    /// Receiver: name, phone, address.
    pub receiver: [String; 3],
    /// Why it was refunded or cancelled; what a test page says.
    pub note: String,
    /// 补打: it was printed before.
    pub reprint: bool,
}

/// What the manager chose.
#[expect(clippy::struct_excessive_bools, reason = "a template is a list of yes and no")]
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Template {
    /// First line of every slip; the platform's name without it.
    pub header: String,
    /// Last line of every slip.
    pub footer: String,
    /// Goods in large letters.
    pub large_goods: bool,
    /// Prices beside the goods.
    pub prices: bool,
    /// Spec beside the name; 单规格 is never printed.
    pub specs: bool,
    /// Receiver's name, phone and address.
    pub receiver: bool,
}

impl Default for Template {
    fn default() -> Self {
        Self {
            header: String::new(),
            footer: String::new(),
            large_goods: false,
            prices: true,
            specs: true,
            receiver: true,
        }
    }
}

/// The spec name of a product that has only one.
const SINGLE: &str = "单规格";

/// Sets a slip on paper.
pub fn set(kind: SlipKind, slip: &SlipText, template: &Template, paper: Paper) -> Page {
    let mut press = Press {
        width: paper.columns(),
        lines: Vec::new(),
    };
    if slip.reprint {
        press.centred("【补打】", Size::Large);
    }
    let header = if template.header.trim().is_empty() {
        &slip.platform
    } else {
        &template.header
    };
    let header = printable(header);
    press.centred(
        &match slip.day_seq {
            0 => header,
            seq => format!("{header} #{seq}"),
        },
        Size::Large,
    );
    if !kind.title().is_empty() {
        press.centred(&format!("** {} **", kind.title()), Size::Large);
    }
    press.centred(&printable(&slip.store), Size::Normal);
    press.rule();
    press.labelled("订单号", &slip.number);
    press.labelled("下单", &slip.placed);
    press.labelled(
        if kind == SlipKind::Test {
            "内容"
        } else {
            "原因"
        },
        &slip.note,
    );
    press.remark(&slip.remark);
    if !slip.lines.is_empty() {
        press.rule();
        for line in &slip.lines {
            press.goods(line, template);
        }
        let pieces: i64 = slip.lines.iter().map(|line| line.quantity).sum();
        press.pair("件数", &pieces.to_string(), Size::Normal);
    }
    if !slip.totals.is_empty() {
        press.rule();
        let last = slip.totals.len() - 1;
        for (at, (word, amount)) in slip.totals.iter().enumerate() {
            let size = if at == last { Size::Large } else { Size::Normal };
            press.pair(&printable(word), &amount.to_yuan(), size);
        }
    }
    if template.receiver && slip.receiver.iter().any(|text| !text.trim().is_empty()) {
        press.rule();
        for text in &slip.receiver {
            press.text(&printable(text), Size::Normal);
        }
    }
    press.rule();
    press.centred(&printable(&template.footer), Size::Normal);
    Page {
        paper,
        lines: press.lines,
    }
}

struct Press {
    width: usize,
    lines: Vec<Line>,
}

impl Press {
    fn room(&self, size: Size) -> usize {
        match size {
            Size::Normal => self.width,
            Size::Large => self.width / 2,
        }
    }

    fn put(&mut self, text: String, size: Size) {
        self.lines.push(Line { text, size });
    }

    fn rule(&mut self) {
        // Two rules in a row say nothing.
        let dashes = "-".repeat(self.width);
        if self.lines.last().is_none_or(|line| line.text != dashes) {
            self.put(dashes, Size::Normal);
        }
    }

    fn text(&mut self, text: &str, size: Size) {
        if !text.is_empty() {
            for line in wrapped(text, self.room(size)) {
                self.put(line, size);
            }
        }
    }

    fn centred(&mut self, text: &str, size: Size) {
        if text.is_empty() {
            return;
        }
        let room = self.room(size);
        for line in wrapped(text, room) {
            let before = " ".repeat((room - columns(&line)) / 2);
            self.put(format!("{before}{line}"), size);
        }
    }

    fn labelled(&mut self, label: &str, text: &str) {
        let text = printable(text);
        if !text.is_empty() {
            self.text(&format!("{label}: {text}"), Size::Normal);
        }
    }

    fn remark(&mut self, text: &str) {
        let text = printable(text);
        if !text.is_empty() {
            self.text(&format!("备注: {text}"), Size::Large);
        }
    }

    /// A word at the left and a value at the right of one line; of two lines where one is too short.
    fn pair(&mut self, left: &str, right: &str, size: Size) {
        let room = self.room(size);
        let right = if columns(right) > room { "" } else { right };
        let mut lines = wrapped(left, room);
        let last = lines.pop().unwrap_or_default();
        for line in lines {
            self.put(line, size);
        }
        let used = columns(&last) + columns(right);
        if used < room {
            let between = " ".repeat(room - used);
            self.put(format!("{last}{between}{right}"), size);
        } else {
            self.put(last, size);
            let before = " ".repeat(room - columns(right));
            self.put(format!("{before}{right}"), size);
        }
    }

    fn goods(&mut self, line: &SlipLine, template: &Template) {
        let size = if template.large_goods {
            Size::Large
        } else {
            Size::Normal
        };
        let name = printable(&line.product);
        let spec = printable(&line.spec);
        let left = if template.specs && !spec.is_empty() && spec != SINGLE {
            format!("{name} ({spec})")
        } else {
            name
        };
        let right = if template.prices {
            format!("x{} {}", line.quantity, line.price.times(line.quantity))
        } else {
            format!("x{}", line.quantity)
        };
        self.pair(&left, &right, size);
    }
}

#[cfg(test)]
mod tests {
    use super::{SlipKind, SlipLine, SlipText, Template, set};
    use crate::money::Money;
    use crate::receipt::{Paper, Size};

    fn slip() -> SlipText {
        SlipText {
            platform: "外卖平台".to_owned(),
            store: "柜台便利店（人民路店）".to_owned(),
            day_seq: 12,
            number: "301234567890123456".to_owned(),
            placed: "2026-09-01 12:30:05".to_owned(),
            lines: vec![
                SlipLine {
                    product: "可口可乐<B>汽水🥤".to_owned(),
                    spec: "330ml".to_owned(),
                    quantity: 2,
                    price: Money(300),
                },
                SlipLine {
                    product: "很长很长很长很长很长很长很长的名字的方便面".to_owned(),
                    spec: "单规格".to_owned(),
                    quantity: 10,
                    price: Money(1_250),
                },
            ],
            totals: vec![
                ("配送费".to_owned(), Money(500)),
                ("实付".to_owned(), Money(13_600)),
            ],
            remark: "不要辣<CUT>".to_owned(),
            receiver: ["王**".to_owned(), "138****0000".to_owned(), String::new()],
            note: String::new(),
            reprint: false,
        }
    }

    #[test]
    fn a_receipt_at_58_mm_reads_as_it_should() {
        let page = set(SlipKind::Receipt, &slip(), &Template::default(), Paper::Mm58);
        let wanted = "  外卖平台 #12\n     柜台便利店（人民路店）\n--------------------------------\n\
            订单号: 301234567890123456\n下单: 2026-09-01 12:30:05\n备注: 不要辣＜CU\nT＞\n\
            --------------------------------\n可口可乐＜B＞汽水 (330ml)\n                         x2 6.00\n很长很长很长很长很长很长很长的名\n\
            字的方便面            x10 125.00\n件数                          12\n--------------------------------\n\
            配送费                      5.00\n实付      136.00\n--------------------------------\n王**\n138****0000\n\
            --------------------------------";
        assert_eq!(page.text(), wanted);
    }

    #[test]
    fn no_line_is_wider_than_its_paper_and_none_holds_a_tag() {
        let large = Template {
            large_goods: true,
            header: "一家名字特别特别特别长的门店的抬头".to_owned(),
            footer: "谢谢惠顾".to_owned(),
            ..Template::default()
        };
        for paper in [Paper::Mm58, Paper::Mm80] {
            for kind in [
                SlipKind::Receipt,
                SlipKind::Refund,
                SlipKind::Cancel,
                SlipKind::Test,
            ] {
                for template in [&Template::default(), &large] {
                    let page = set(kind, &slip(), template, paper);
                    for line in &page.lines {
                        assert!(line.columns() <= paper.columns(), "{line:?}");
                        assert!(!line.text.contains(['<', '>']), "{line:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_reprint_says_so_before_anything_else() {
        let mut again = slip();
        again.reprint = true;
        let page = set(SlipKind::Receipt, &again, &Template::default(), Paper::Mm80);
        assert_eq!(page.lines[0].text.trim(), "【补打】");
        assert_eq!(page.lines[0].size, Size::Large);
    }
}

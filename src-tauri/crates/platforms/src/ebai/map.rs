//! From wire shapes to the port's words: stores, groups, listings, orders.

use super::wire::{Category, Line, Order, OrderData, Product, Refund, RefundProduct, Shop};
use connect::groups::path;
use connect::platform::{
    RemoteGroup, RemoteListing, RemoteOrder, RemoteOrderLine, RemoteRefund, RemoteRefundLine, RemoteSku,
    RemoteStore,
};
use domain::listing::ReviewState;
use domain::money::Money;
use domain::order::OrderState;

/// What a product without specs must call its only one, or the platform makes it multi-spec (F51).
pub(super) const SINGLE_SPEC: &str = "单规格";

pub(super) fn store(shop: Shop, own_ids: bool) -> RemoteStore {
    let platform_id = if shop.baidu_shop_id.is_empty() {
        shop.platform_shop_id
    } else {
        shop.baidu_shop_id
    };
    let (first, second) = if own_ids {
        (shop.shop_id, platform_id)
    } else {
        (platform_id, shop.shop_id)
    };
    RemoteStore {
        remote_id: if first.is_empty() { second.0 } else { first.0 },
        name: shop.name.0,
        // 1 open, 3 resting, 9 stopped.
        open: shop.status.0.map(|status| status == 1),
    }
}

/// Groups with parents before children.
pub(super) fn groups(categories: Vec<Category>) -> Vec<RemoteGroup> {
    let mut groups = Vec::new();
    for first in categories {
        let parent = first.category_id.0;
        groups.push(RemoteGroup {
            remote_id: parent.clone(),
            name: first.name.0,
            parent: None,
            sequence: first.rank.or_zero(),
        });
        groups.extend(first.children.0.into_iter().map(|child| RemoteGroup {
            remote_id: child.category_id.0,
            name: child.name.0,
            parent: Some(parent.clone()),
            sequence: child.rank.or_zero(),
        }));
    }
    groups
}

pub(super) fn listing(product: Product, groups: &[RemoteGroup]) -> RemoteListing {
    let group_path = product
        .custom_cat_list
        .0
        .first()
        .map_or_else(Vec::new, |category| {
            let path = path(groups, category.custom_cat_id.as_str());
            if path.is_empty() {
                category
                    .custom_cat_name
                    .filled()
                    .map(str::to_owned)
                    .into_iter()
                    .collect()
            } else {
                path
            }
        });
    let mut photos = product.photos.0;
    photos.sort_by_key(|photo| photo.is_master.0 != Some(1));
    let mut skus: Vec<RemoteSku> = product
        .sku_spec
        .0
        .into_iter()
        .map(|spec| RemoteSku {
            remote_id: spec.sku_spec_id.0,
            outer_sku_code: spec.sku_spec_custom_id.0,
            spec_name: spec
                .spec_property
                .0
                .iter()
                .filter_map(|property| property.value_text.filled())
                .collect::<Vec<_>>()
                .join(","),
            barcode: spec.upc.0,
            price: spec.sale_price.0,
            stock: spec.left_num.0,
            packing_fee: None,
        })
        .collect();
    if skus.is_empty() {
        skus.push(RemoteSku {
            remote_id: product.sku_id.0.clone(),
            outer_sku_code: product.custom_sku_id.0.clone(),
            spec_name: SINGLE_SPEC.to_owned(),
            barcode: product.upc.0,
            price: product.sale_price.0,
            stock: product.left_num.0,
            packing_fee: None,
        });
    }
    RemoteListing {
        remote_id: product.sku_id.0,
        outer_code: product.custom_sku_id.0,
        name: product.name.0,
        group_path,
        category_id: product.cat3_id.0,
        pictures: photos
            .into_iter()
            .map(|photo| photo.url.0)
            .filter(|url| !url.is_empty())
            .collect(),
        on_sale: product.status.as_str() == "1",
        // sku.list shows no review state; a picture in review is simply not shown yet (F56).
        review: ReviewState::None,
        description: Some(product.desc.0),
        skus,
    }
}

pub(super) fn order(data: OrderData, refunds: Vec<RemoteRefund>) -> RemoteOrder {
    let order = data.order.0;
    let user = data.user.0;
    let seconds = [
        order.create_time,
        order.confirm_time,
        order.finished_time,
        order.cancel_time,
    ];
    let changed_at = seconds.iter().map(|at| at.or_zero()).max().unwrap_or(0) * 1000;
    let total = order.user_fee.0.or(order.total_fee.0).unwrap_or_default();
    let given_back: Money = refunds.iter().filter(|r| r.done).map(|r| r.amount).sum();
    RemoteOrder {
        state: state(order.status.0),
        incomplete: order.down_flag.0 == Some(1),
        number: order.order_id.0,
        day_seq: order.order_index.or_zero(),
        placed_at: order.create_time.or_zero() * 1000,
        changed_at,
        total,
        original_total: order.total_fee.0.unwrap_or(total),
        income: order.shop_fee.0,
        shipping_fee: order.send_fee.or_zero(),
        packing_fee: order.package_fee.or_zero(),
        remark: order.remark.0,
        receiver_name: user.name.0,
        receiver_phone: user.phone.0,
        receiver_address: user.address.0,
        fully_refunded: refunds.iter().any(|refund| refund.full && refund.done)
            || (given_back >= total && total > Money::ZERO),
        lines: data
            .products
            .0
            .into_iter()
            .flat_map(|bag| bag.0)
            .map(line)
            .collect(),
        refunds,
    }
}

fn state(status: Option<i64>) -> OrderState {
    match status {
        Some(1) | None => OrderState::Placed,
        Some(5) => OrderState::Accepted,
        Some(7 | 8) => OrderState::Delivering,
        Some(9) => OrderState::Completed,
        Some(10) => OrderState::Cancelled,
        Some(other) => {
            tracing::warn!(
                status = other,
                "unknown order status: taken as accepted, read again"
            );
            OrderState::Accepted
        }
    }
}

fn line(line: Line) -> RemoteOrderLine {
    RemoteOrderLine {
        product_ref: line.baidu_product_id.0,
        outer_sku_code: line.custom_sku_id.0,
        product_name: line.product_name.0,
        spec_name: line
            .product_features
            .0
            .iter()
            .filter_map(|feature| feature.option.filled())
            .collect::<Vec<_>>()
            .join(","),
        barcode: line.upc.0,
        quantity: line.product_amount.or_zero(),
        price: line.product_price.or_zero(),
    }
}

/// The refund of the whole order, which the order itself tells. It has no number of its own there.
pub(super) fn whole_refund(order: &Order) -> Option<RemoteRefund> {
    let status = order.ext.0.online_cancel_status.0.filter(|status| *status != 0)?;
    Some(RemoteRefund {
        number: format!("{}-all", order.order_id.0),
        order: order.order_id.0.clone(),
        at: order.cancel_time.or_zero() * 1000,
        amount: order.user_fee.0.or(order.total_fee.0).unwrap_or_default(),
        full: true,
        done: matches!(status, 40 | 60),
        difference_only: false,
        reason: String::new(),
        lines: Vec::new(),
    })
}

fn refund_line(product: &RefundProduct) -> Option<RemoteRefundLine> {
    Some(RemoteRefundLine {
        quantity: product.number.0.filter(|pieces| *pieces > 0)?,
        product_ref: product.sku_id.0.clone(),
        outer_sku_code: product.custom_sku_id.0.clone(),
        product_name: product.name.0.clone(),
    })
}

pub(super) fn refund(refund: Refund, order: &str) -> RemoteRefund {
    let products = &refund.refund_products.0;
    RemoteRefund {
        number: refund
            .refund_id
            .filled()
            .unwrap_or(&refund.refund_order_id.0)
            .to_owned(),
        order: order.to_owned(),
        at: refund.create_time.or_zero() * 1000,
        amount: refund.refund_price.or_zero(),
        full: false,
        // 10 asked, 20 given back, 30 arbitration, 40 failed, 50 refused.
        done: refund.status.0 == Some(20),
        // No pieces named, none come back (F10).
        difference_only: products.iter().all(|product| product.number.or_zero() == 0),
        reason: refund.reason.0,
        lines: products.iter().filter_map(refund_line).collect(),
    }
}

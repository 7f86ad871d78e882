//! One product against what the platform holds of it.

use super::{Action, Field, PlanInput, Step, StepKey, Value, identity};
use crate::id::{GroupId, ListingId, SkuId};
use crate::listing::{Listing, ListingSku, ReviewState};
use crate::money::Money;
use crate::preflight::{group_paths, normal_path};
use crate::reason::Reason;
use crate::text;
use crate::wanted::Wanted;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The input with its indexes.
pub(super) struct Differ<'a> {
    input: &'a PlanInput<'a>,
    listed: HashMap<SkuId, (&'a Listing, &'a ListingSku)>,
    paths: HashMap<GroupId, Vec<String>>,
}

/// One product on its way through the plan.
struct Scope<'a> {
    wanted: &'a Wanted<'a>,
    listing: Option<&'a Listing>,
    /// Why nothing of this product may be written.
    held: Option<Reason>,
}

impl<'a> Differ<'a> {
    pub(super) fn new(input: &'a PlanInput<'a>) -> Self {
        let skus = input
            .listings
            .iter()
            .flat_map(|listing| listing.skus.iter().map(move |sku| (listing, sku)));
        Self {
            listed: skus
                .filter_map(|(listing, sku)| sku.bound_to.map(|bound| (bound, (listing, sku))))
                .collect(),
            paths: group_paths(input.groups).into_iter().collect(),
            input,
        }
    }

    /// The steps of one product; all its wanted SKUs are given, sorted.
    pub(super) fn product(&self, wanted: &[&'a Wanted<'a>], steps: &mut Vec<Step>) {
        let on: Vec<&Wanted<'_>> = wanted.iter().copied().filter(|w| w.offer.on).collect();
        let listed = wanted.iter().find_map(|w| self.listed.get(&w.sku.id));
        match (listed, on.first()) {
            (None, None) => {}
            (None, Some(first)) => self.creation(first, &on, steps),
            (Some((listing, _)), _) => {
                let lead = on.first().copied().unwrap_or(wanted[0]);
                let held = self.held(listing, wanted);
                let scope = Scope {
                    wanted: lead,
                    listing: Some(listing),
                    held,
                };
                self.shelf(&scope, !on.is_empty(), steps);
                if !on.is_empty() {
                    self.product_fields(&scope, steps);
                }
                for wanted in on {
                    let scope = Scope {
                        wanted,
                        listing: Some(listing),
                        held: scope.held.clone(),
                    };
                    self.sku_fields(&scope, steps);
                }
            }
        }
    }

    /// Why the whole product is left alone, when it is.
    fn held(&self, listing: &Listing, wanted: &[&Wanted<'_>]) -> Option<Reason> {
        if listing.review == ReviewState::Pending {
            return Some(Reason::new("in_review"));
        }
        let product = wanted.first()?.product.id;
        let ticked = self.input.ticks.on.contains(&StepKey {
            product,
            sku: None,
            field: Field::Whole,
        });
        let stranger = wanted.iter().find(|wanted| {
            let pair = self.listed.get(&wanted.sku.id);
            pair.is_some_and(|(listing, sku)| !identity(wanted, listing, sku, self.input.rules).is_same())
        });
        stranger.filter(|_| !ticked).map(|wanted| {
            Reason::new("not_same_goods")
                .with("ours", wanted.name())
                .with("theirs", &listing.name)
        })
    }

    /// A product that the platform lacks: everything the switches allow, or one skipped step.
    fn creation(&self, first: &'a Wanted<'a>, on: &[&'a Wanted<'a>], steps: &mut Vec<Step>) {
        let skus: Vec<SkuId> = on.iter().map(|w| w.sku.id).collect();
        let held = if self.input.store.switches.create {
            let blocked = self.input.blocked.creation(first.product.id, &skus, &first.group);
            blocked.map(|id| Reason::new("blocked").with("finding", id))
        } else {
            Some(Reason::new("switch_off").with("field", "create"))
        };
        let scope = Scope {
            wanted: first,
            listing: None,
            held,
        };
        let whole = self.step(
            &scope,
            None,
            Field::Whole,
            Value::Empty,
            Value::text(first.name()),
            true,
        );
        let goes_on = whole.as_ref().is_some_and(|step| step.ticked);
        steps.extend(whole);
        if goes_on {
            self.product_fields(&scope, steps);
            for wanted in on {
                self.sku_fields(
                    &Scope {
                        wanted,
                        listing: None,
                        held: None,
                    },
                    steps,
                );
            }
        }
    }

    fn shelf(&self, scope: &Scope<'_>, on: bool, steps: &mut Vec<Step>) {
        let there = scope.listing.is_some_and(|listing| listing.on_sale);
        steps.extend(self.step(
            scope,
            None,
            Field::OnSale,
            Value::Flag(there),
            Value::Flag(on),
            true,
        ));
    }

    fn product_fields(&self, scope: &Scope<'_>, steps: &mut Vec<Step>) {
        let switches = &self.input.store.switches;
        let (wanted, listing) = (scope.wanted, scope.listing);
        let name = listing.map_or(Value::Empty, |l| Value::text(&l.name));
        let creating = listing.is_none();
        steps.extend(self.step(
            scope,
            None,
            Field::Name,
            name,
            Value::text(&wanted.title(self.input.rules)),
            switches.name || creating,
        ));
        let path = listing
            .and_then(|l| l.group)
            .and_then(|group| self.paths.get(&group));
        let path = path.map_or(Value::Empty, |path| Value::list(path));
        steps.extend(self.step(
            scope,
            None,
            Field::Group,
            path,
            Value::list(&wanted.group),
            switches.category,
        ));
        let category = listing.map_or(Value::Empty, |l| Value::text(&l.category_id));
        let new = Value::text(&wanted.category_id);
        let locked = self.input.rules.multi_spec_category_locked
            && listing.is_some_and(|l| l.skus.len() > 1)
            && new != Value::Empty;
        let step = self.step(scope, None, Field::Category, category, new, switches.category);
        steps.extend(step.map(|step| {
            if locked {
                skipped(step, Reason::new("category_locked"))
            } else {
                step
            }
        }));
        if let Some(count) = self.input.unsent_attributes.get(&wanted.product.id) {
            steps.extend(self.step(
                scope,
                None,
                Field::Attributes,
                Value::Empty,
                Value::Count(*count),
                switches.category,
            ));
        }
        let (old, new) = self.pictures(listing, wanted);
        steps.extend(self.step(scope, None, Field::Pictures, old, new, switches.pictures));
        // An empty description of ours says nothing of theirs, so it never clears one.
        let ours = Value::text(wanted.product.description.trim());
        let theirs = listing.map_or(Some(Value::Empty), |l| l.description.as_deref().map(Value::text));
        if let Some(old) = theirs.filter(|_| ours != Value::Empty) {
            steps.extend(self.step(
                scope,
                None,
                Field::Description,
                old,
                ours,
                switches.name || creating,
            ));
        }
        if creating {
            let on_sale = self.step(scope, None, Field::OnSale, Value::Empty, Value::Flag(true), true);
            steps.extend(on_sale);
        }
    }

    /// Pictures there are addresses, ours are hashes: they are equal when what was sent last is what is wanted.
    fn pictures(&self, listing: Option<&Listing>, wanted: &Wanted<'_>) -> (Value, Value) {
        let most = self.input.rules.pictures_max.unwrap_or(usize::MAX);
        let ours = &wanted.product.pictures[..wanted.product.pictures.len().min(most)];
        let new = Value::list(ours);
        let Some(listing) = listing else {
            return (Value::Empty, new);
        };
        let sent = self.input.sent_pictures.get(&listing.id);
        // What the platform still looks at is not shown yet; sending it again would only start the review anew (F56).
        let review = self.input.reviews.get(&listing.id);
        let there = !listing.pictures.is_empty() || review.is_some_and(|review| !review.refused);
        if there && sent.is_some_and(|sent| sent == ours) {
            return (new.clone(), new);
        }
        (Value::list(&listing.pictures), new)
    }

    fn sku_fields(&self, scope: &Scope<'_>, steps: &mut Vec<Step>) {
        let switches = &self.input.store.switches;
        let wanted = scope.wanted;
        let there = self.listed.get(&wanted.sku.id).map(|(_, sku)| *sku);
        let new = there.is_none();
        let text = |of: fn(&ListingSku) -> &String| there.map_or(Value::Empty, |sku| Value::text(of(sku)));
        if new && scope.listing.is_some() {
            let name = Value::text(&wanted.sku.spec_name);
            let whole = self.step(scope, None, Field::Whole, Value::Empty, name, switches.create);
            let goes_on = whole.as_ref().is_none_or(|step| step.ticked);
            steps.extend(whole);
            if !goes_on {
                return;
            }
        }
        let mut add = |field, old, value, switch| {
            steps.extend(self.step(scope, there, field, old, value, switch));
        };
        // Where products have no specs, a spec's name stands in the title.
        if !self.input.rules.single_spec_only {
            add(
                Field::SpecName,
                text(|sku| &sku.spec_name),
                Value::text(&wanted.sku.spec_name),
                switches.name || new,
            );
        }
        let code = Value::text(&wanted.outer_sku_code);
        if code != Value::Empty {
            add(Field::OuterSkuCode, text(|sku| &sku.outer_sku_code), code, true);
        }
        let rules = self.input.rules;
        if !rules.no_barcodes {
            let barcode = Value::text(&text::cleaned_code(&wanted.sku.barcode));
            add(
                Field::Barcode,
                text(|sku| &sku.barcode),
                barcode,
                wanted.sends_barcode(switches, rules),
            );
        }
        if let Some(price) = wanted.price() {
            let old = there.and_then(|sku| sku.price).map_or(Value::Empty, Value::Price);
            add(Field::Price, old, Value::Price(price), switches.price || new);
        }
        // Where the platform tells no fee there is nothing to compare, and nothing is sent.
        let fee = self.input.store.packing_fee();
        if let Some(fee) = fee.filter(|_| there.is_none_or(|sku| sku.packing_fee.is_some())) {
            let held = there
                .and_then(|sku| sku.packing_fee)
                .filter(|held| *held != Money(0));
            let old = held.map_or(Value::Empty, Value::Price);
            if fee != Money(0) || old != Value::Empty {
                add(Field::PackingFee, old, Value::Price(fee), switches.price || new);
            }
        }
        if let Some(stock) = wanted.sku.stock {
            let old = there.and_then(|sku| sku.stock).map_or(Value::Empty, Value::Count);
            add(Field::Stock, old, Value::Count(stock), switches.stock);
        }
    }

    /// One step, or none where nothing differs. `switch` says whether the store lets the field through.
    fn step(
        &self,
        scope: &Scope<'_>,
        there: Option<&ListingSku>,
        field: Field,
        old: Value,
        new: Value,
        switch: bool,
    ) -> Option<Step> {
        if same(&old, &new) || (!switch && new == Value::Empty) {
            return None;
        }
        let of_sku = field >= Field::SpecName || (field == Field::Whole && scope.listing.is_some());
        let wanted = scope.wanted;
        let sku = of_sku.then_some(wanted.sku.id);
        let key = StepKey {
            product: wanted.product.id,
            sku,
            field,
        };
        let mut step = Step {
            key,
            name: wanted.name().to_owned(),
            listing: scope.listing.map(|listing| listing.id),
            listing_sku: there.map(|sku| sku.id),
            action: if old == Value::Empty {
                Action::Add
            } else {
                Action::Change
            },
            old,
            new,
            reason: None,
            ticked: true,
        };
        if let Some(reason) = &scope.held {
            return Some(skipped(step, reason.clone()));
        }
        if !switch {
            let reason = Reason::new("switch_off").with("field", switch_name(field));
            return Some(skipped(step, reason));
        }
        if let Some(id) = scope
            .listing
            .and_then(|listing| self.blocked(scope, sku, listing.id, field))
        {
            return Some(skipped(step, Reason::new("blocked").with("finding", id)));
        }
        if step.new == Value::Empty {
            step.action = Action::Clear;
            step.ticked = false;
            step.reason = Some(Reason::new("would_blank"));
        }
        if self.input.ticks.on.contains(&key) {
            step.ticked = true;
            step.reason = None;
        }
        if self.input.ticks.off.contains(&key) {
            step.ticked = false;
            step.reason = Some(Reason::new("unticked"));
        }
        Some(step)
    }

    fn blocked(
        &self,
        scope: &Scope<'_>,
        sku: Option<SkuId>,
        listing: ListingId,
        field: Field,
    ) -> Option<&str> {
        self.input
            .blocked
            .field(scope.wanted.product.id, sku, listing, &scope.wanted.group, field)
    }

    /// The groups that ticked steps need and the store lacks, parents first.
    pub(super) fn new_groups(&self, steps: &[Step]) -> Vec<Vec<String>> {
        let known: HashSet<&Vec<String>> = self.paths.values().collect();
        let mut missing: BTreeSet<(usize, Vec<String>)> = BTreeSet::new();
        for step in steps
            .iter()
            .filter(|step| step.ticked && step.key.field == Field::Group)
        {
            if let Value::List(path) = &step.new {
                for depth in 1..=path.len() {
                    if !known.contains(&normal_path(&path[..depth])) {
                        missing.insert((depth, path[..depth].to_vec()));
                    }
                }
            }
        }
        missing.into_iter().map(|(_, path)| path).collect()
    }
}

fn skipped(mut step: Step, reason: Reason) -> Step {
    step.action = Action::Skip;
    step.ticked = false;
    step.reason = Some(reason);
    step
}

/// Equal for the platform: a difference that only normalising removes is none.
fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Text(a), Value::Text(b)) => text::normalized(a) == text::normalized(b),
        (Value::List(a), Value::List(b)) => normal_path(a) == normal_path(b),
        _ => old == new,
    }
}

/// The switch that lets a field through, as it stands on the store's page.
fn switch_name(field: Field) -> &'static str {
    match field {
        Field::Whole => "create",
        Field::Name | Field::SpecName | Field::OuterSkuCode | Field::OnSale | Field::Description => "name",
        Field::Group | Field::Category | Field::Attributes => "category",
        Field::Pictures => "pictures",
        Field::Barcode => "barcode",
        Field::Price | Field::PackingFee => "price",
        Field::Stock => "stock",
    }
}

//! 门店与授权: bodies of the `services_*`, `account_*`, `store_*` and `stores_*` commands.

use crate::Api;
use crate::error::Result;
use crate::types::library::EditReport;
use crate::types::shared::{Empty, IdRequest, WordsView};
use crate::types::stores::{
    AccountAdd, AccountAdded, AccountView, AskedWith, AuthorizeRequest, BranchView, Branches, ChoiceView,
    ComparedView, ConnectionStepView, ConnectionView, ConsentPage, ConsentPaste, ConsentView,
    CredentialFieldView, Descriptors, FactView, PlatformChangeView, PushAddress, PushesSet, PushesView,
    RemoteStoreView, RemoteStores, ServiceView, StoreAdd, StoreCan, StoreChangePlatform, StoreEdit,
    StoreFieldView, StoreView, Stores, Switches, TakenView,
};
use domain::id::{AccountId, StoreId};
use domain::store::FieldSwitches;
use engine::inbox::ConsentState;
use engine::stores::{AccountRequest, ConnectionStep, ConnectionTest, StoreRequest};
use std::collections::{BTreeMap, HashMap};
use storage::account::{AccountKind, AccountRow};
use storage::store::{StorePatch, StoreRow};
use storage::views::status::StoreCounts;

/// The platforms and ERPs that can be connected, as data.
pub async fn services(api: &Api, _: Empty) -> Result<Descriptors> {
    let connectors = api.engine.connectors();
    let platforms = connectors.platforms.values().map(|platform| {
        let card = platform.descriptor();
        let can = &card.capabilities;
        let mut facts: Vec<FactView> = [
            ("multi_spec", can.multi_spec, String::new()),
            ("details", can.details, String::new()),
            ("delete", can.delete, String::new()),
            ("group_order", can.group_order, String::new()),
            ("categories", can.categories, String::new()),
            ("packing_fee", can.packing_fee, String::new()),
            ("consent", can.consent, String::new()),
            ("pushes", can.pushes, String::new()),
            ("order_list", can.order_list, String::new()),
            ("readable_by_code", can.readable_by_code, String::new()),
            ("pictures", can.pictures > 0, can.pictures.to_string()),
            ("group_levels", can.group_levels > 0, can.group_levels.to_string()),
        ]
        .into_iter()
        .map(|(code, can, value)| fact(code, can, value))
        .collect();
        facts.extend(
            card.facts
                .iter()
                .map(|(code, value)| fact(code, value != "false", value.clone())),
        );
        ServiceView {
            id: card.id.to_owned(),
            name: card.name.to_owned(),
            fields: card.credential_fields.iter().map(field_view).collect(),
            store_fields: card.store_fields.iter().map(store_field_view).collect(),
            facts,
            sister: card.sister.map(str::to_owned),
            consent: can.consent,
            rules_date: api.engine.rules().date(card.id).unwrap_or_default().to_owned(),
        }
    });
    let erps = connectors.erps.values().map(|erp| {
        let card = erp.descriptor();
        ServiceView {
            id: card.id.to_owned(),
            name: card.name.to_owned(),
            fields: card.credential_fields.iter().map(field_view).collect(),
            consent: card.consent,
            ..ServiceView::default()
        }
    });
    Ok(Descriptors {
        platforms: platforms.collect(),
        erps: erps.collect(),
    })
}

/// A fact with its value as people say it: megabytes and minutes, not bytes and seconds.
fn fact(code: &str, can: bool, value: String) -> FactView {
    let told = match (code, value.parse::<u64>()) {
        ("picture_bytes_max", Ok(bytes)) if bytes >= 1024 * 1024 => format!("{} MB", bytes / (1024 * 1024)),
        ("picture_bytes_max", Ok(bytes)) => format!("{} KB", bytes / 1024),
        ("clock_window_s", Ok(seconds)) => (seconds / 60).to_string(),
        _ => value,
    };
    FactView {
        words: WordsView {
            code: format!("fact.{code}"),
            params: BTreeMap::from([("value".to_owned(), told)]),
        },
        can,
    }
}

pub(crate) fn field_view(field: &engine::stores::CredentialField) -> CredentialFieldView {
    CredentialFieldView {
        key: field.key.to_owned(),
        label: field.label.to_owned(),
        secret: field.secret,
        optional: field.optional,
        shape: field.shape.to_owned(),
        choices: field.choices.iter().map(choice_view).collect(),
        asked_with: field.asked_with.map(|(field, value)| AskedWith {
            field: field.to_owned(),
            value: value.to_owned(),
        }),
    }
}

fn choice_view((value, label): &(&str, &str)) -> ChoiceView {
    ChoiceView {
        value: (*value).to_owned(),
        label: (*label).to_owned(),
    }
}

fn store_field_view(field: &domain::store::StoreField) -> StoreFieldView {
    StoreFieldView {
        key: field.key.to_owned(),
        label: field.label.to_owned(),
        shape: field.shape.to_owned(),
        needed: field.needed.is_some(),
    }
}

/// All stores and accounts.
pub async fn list(api: &Api, _: Empty) -> Result<Stores> {
    let (rows, accounts, counts) = api.engine.db().read(|c| {
        Ok((
            storage::store::all(c)?,
            storage::account::all(c)?,
            storage::views::status::stores(c)?,
        ))
    })?;
    let rows_of_accounts: HashMap<AccountId, AccountRow> =
        accounts.into_iter().map(|row| (row.id, row)).collect();
    let accounts: HashMap<AccountId, AccountView> = rows_of_accounts
        .iter()
        .map(|(id, row)| (*id, account_view(api, row.clone())))
        .collect();
    let stores = rows
        .into_iter()
        .map(|row| {
            let counts = counts.get(&row.store.id).copied().unwrap_or_default();
            // A store whose platform this program does not know can nothing.
            let can = api.engine.store_capabilities(row.store.id).map(|can| StoreCan {
                delete: can.delete,
                shared_products: can.shared_products,
                order_groups: can.group_order && can.group_levels > 0,
                categories: can.categories,
            });
            let mut view = store_view(row, counts, &accounts, can.unwrap_or_default());
            let id = StoreId(view.id);
            view.compared = api.engine.orders_compared(id)?.map(compared_view);
            view.taken = match rows_of_accounts.get(&AccountId(view.account.id)) {
                Some(account) => api.engine.taken(id, account)?.map(taken_view),
                None => None,
            };
            Ok(view)
        })
        .collect::<Result<Vec<_>>>()?;
    let mut accounts: Vec<AccountView> = accounts.into_values().collect();
    accounts.sort_by_key(|account| account.id);
    Ok(Stores { stores, accounts })
}

fn compared_view(one: engine::orders::Compared) -> ComparedView {
    ComparedView {
        at: one.at,
        listed: crate::orders::count(one.listed),
        missing: crate::orders::count(one.missing),
    }
}

fn taken_view(one: engine::stores::Taken) -> TakenView {
    TakenView {
        now: one.now,
        times: crate::orders::count(one.times),
        missing: crate::orders::count(one.missing),
        certain: one.certain,
    }
}

/// Compares a store's orders with the platform's list and takes in what was missing.
pub async fn compare(api: &Api, request: IdRequest) -> Result<ComparedView> {
    let compared = api.engine.compare_orders(StoreId(request.id)).await?;
    if compared.missing > 0 {
        api.engine.push_due().await?;
    }
    Ok(compared_view(compared))
}

fn account_view(api: &Api, row: AccountRow) -> AccountView {
    let masked = api.engine.masked_credentials(&row);
    AccountView {
        id: row.id.0,
        kind: if row.kind == AccountKind::Erp {
            "erp"
        } else {
            "platform"
        }
        .to_owned(),
        service: row.service,
        name: row.name,
        state: crate::orders::name_of(&row.state),
        state_text: row.state_text,
        state_since: row.state_since,
        expires_at: row.expires_at,
        endpoint: row.endpoint.unwrap_or_default(),
        settings: row.settings,
        masked,
        items_read_at: row.items_read_at,
    }
}

fn store_view(
    row: StoreRow,
    counts: StoreCounts,
    accounts: &HashMap<AccountId, AccountView>,
    can: StoreCan,
) -> StoreView {
    let account = |id: AccountId| accounts.get(&id).cloned();
    StoreView {
        id: row.store.id.0,
        platform: row.store.platform,
        remote_id: row.store.remote_id,
        name: row.store.name,
        endpoint: row.store.endpoint.unwrap_or_default(),
        account: account(row.store.account).unwrap_or_default(),
        erp: row.store.erp_account.and_then(account),
        offline_code_fault: has_foreign_signs(&row.store.offline_code),
        offline_code: row.store.offline_code,
        switches: switches(row.store.switches),
        settings: row.store.settings,
        orders_read_at: row.orders_read_at,
        orders_error: engine::orders::pull_failure(&row.orders_error)
            .map(|(code, params)| WordsView::with(code, params)),
        taken: None,
        compared: None,
        listings_read_at: row.listings_read_at,
        listings: counts.listings,
        bound: counts.bound,
        exceptions: counts.exceptions,
        can,
    }
}

/// The ERP reads letters and digits in 线下门店编号 only (F19b).
fn has_foreign_signs(code: &str) -> bool {
    !code.chars().all(|sign| sign.is_ascii_alphanumeric())
}

fn switches(from: FieldSwitches) -> Switches {
    Switches {
        name: from.name,
        pictures: from.pictures,
        category: from.category,
        barcode: from.barcode,
        price: from.price,
        stock: from.stock,
        create: from.create,
    }
}

/// Adds an account with its credentials.
pub async fn add_account(api: &Api, request: AccountAdd) -> Result<AccountAdded> {
    let added = api
        .engine
        .add_account(AccountRequest {
            service: request.service,
            name: request.name,
            endpoint: request.endpoint.filter(|text| !text.is_empty()),
            settings: request.settings,
            credentials: engine::stores::Credentials::new(request.credentials),
        })
        .await?;
    Ok(AccountAdded {
        account: added.account.0,
        kept: added.kept,
    })
}

/// Replaces credentials; fields left out keep their value.
pub async fn authorize(api: &Api, request: AuthorizeRequest) -> Result<AccountAdded> {
    let credentials = engine::stores::Credentials::new(request.credentials);
    let done = api
        .engine
        .authorize(AccountId(request.account), credentials)
        .await?;
    Ok(AccountAdded {
        account: done.account.0,
        kept: done.kept,
    })
}

/// Opens the platform's page on which the manager agrees.
pub async fn consent(api: &Api, request: IdRequest) -> Result<ConsentPage> {
    let started = api.engine.consent_begin(AccountId(request.id)).await?;
    let shown = api.host.show_page(&started.page);
    Ok(ConsentPage {
        page: started.page.into(),
        return_to: started.return_to.into(),
        shown,
    })
}

/// How that stands.
pub async fn consent_state(api: &Api, request: IdRequest) -> Result<ConsentView> {
    Ok(consent_view(api.engine.consent_state(AccountId(request.id))))
}

/// Takes what was pasted from where the page led to.
pub async fn consent_paste(api: &Api, request: ConsentPaste) -> Result<ConsentView> {
    let account = AccountId(request.account);
    let told = api.engine.consent_paste(account, &request.text).await?;
    Ok(consent_view(told))
}

fn consent_view(told: ConsentState) -> ConsentView {
    let (state, words) = match told {
        ConsentState::None => ("none", None),
        ConsentState::Waiting => ("waiting", None),
        ConsentState::Done => ("done", None),
        ConsentState::Failed(code, params) => ("failed", Some(WordsView { code, params })),
    };
    ConsentView {
        state: state.to_owned(),
        words,
    }
}

/// Does not wait any more.
pub async fn consent_end(api: &Api, request: IdRequest) -> Result<Empty> {
    api.engine.consent_end(AccountId(request.id)).await;
    Ok(Empty {})
}

/// Whether pushes are received, and where.
pub async fn pushes(api: &Api, _: Empty) -> Result<PushesView> {
    let on = api.engine.receives_pushes()?;
    let mut addresses = Vec::new();
    if on {
        for row in api.engine.db().read(storage::account::all)? {
            let platforms = &api.engine.connectors().platforms;
            if platforms
                .get(&row.service)
                .is_some_and(|one| one.descriptor().capabilities.pushes)
            {
                addresses.push(PushAddress {
                    account: row.id.0,
                    address: api.engine.push_address(row.id).await?.into(),
                    service: row.service,
                    name: row.name,
                });
            }
        }
    }
    Ok(PushesView { on, addresses })
}

/// Turns receiving on or off.
pub async fn set_pushes(api: &Api, request: PushesSet) -> Result<PushesView> {
    api.engine.set_pushes(request.on).await?;
    pushes(api, Empty {}).await
}

/// The stores an account can see at its platform.
pub async fn remote_stores(api: &Api, request: IdRequest) -> Result<RemoteStores> {
    let account = AccountId(request.id);
    let there = api.engine.remote_stores(account).await?;
    let (service, here) = api.engine.db().read(|c| {
        Ok((
            storage::account::get(c, account)?.service,
            storage::store::all(c)?,
        ))
    })?;
    let stores = there.into_iter().map(|store| RemoteStoreView {
        added: here
            .iter()
            .any(|row| row.store.platform == service && row.store.remote_id == store.remote_id),
        remote_id: store.remote_id,
        name: store.name,
    });
    Ok(RemoteStores {
        stores: stores.collect(),
    })
}

/// The branches of an ERP.
pub async fn branches(api: &Api, request: IdRequest) -> Result<Branches> {
    let branches = api.engine.erp_branches(AccountId(request.id)).await?;
    let view = branches.into_iter().map(|branch| BranchView {
        code: branch.code,
        name: branch.name,
        active: branch.active,
    });
    Ok(Branches {
        branches: view.collect(),
    })
}

/// Adds a store.
pub async fn add(api: &Api, request: StoreAdd) -> Result<IdRequest> {
    let id = api.engine.add_store(
        AccountId(request.account),
        &StoreRequest {
            platform: request.platform,
            remote_id: request.remote_id,
            name: request.name,
            endpoint: request.endpoint.filter(|text| !text.is_empty()),
            erp_account: request.erp_account.map(AccountId),
            offline_code: request.offline_code,
            settings: request.settings,
        },
    )?;
    Ok(IdRequest { id: id.0 })
}

/// Changes a store; orders that waited for the change are pushed again.
pub async fn edit(api: &Api, request: StoreEdit) -> Result<EditReport> {
    let patch = StorePatch {
        name: request.name,
        endpoint: None,
        // 0 takes the ERP away.
        erp_account: request.erp_account.map(|id| (id != 0).then_some(AccountId(id))),
        offline_code: request.offline_code,
        switches: request.switches.map(|s| FieldSwitches {
            name: s.name,
            pictures: s.pictures,
            category: s.category,
            barcode: s.barcode,
            price: s.price,
            stock: s.stock,
            create: s.create,
        }),
        settings: request.settings.unwrap_or_default(),
    };
    let batch = api.engine.update_store(StoreId(request.id), &patch)?;
    Ok(EditReport {
        batch: Some(batch.0),
        changed: 1,
        ..EditReport::default()
    })
}

/// Takes a store out of use.
pub async fn remove(api: &Api, request: IdRequest) -> Result<Empty> {
    let id = StoreId(request.id);
    api.engine.db().read(|c| storage::store::get(c, id))?;
    api.engine.remove_store(id)?;
    Ok(Empty {})
}

/// Puts a store under an account of the sister platform, when that account opens it.
pub async fn change_platform(api: &Api, request: StoreChangePlatform) -> Result<PlatformChangeView> {
    let (store, account) = (StoreId(request.id), AccountId(request.account));
    let changed = api.engine.change_platform(store, account).await?;
    Ok(PlatformChangeView {
        test: connection_view(changed.test),
        bound_before: crate::orders::count(changed.bound_before),
        bound: crate::orders::count(changed.bound),
    })
}

/// Tests a store's connection layer by layer.
pub async fn test(api: &Api, request: IdRequest) -> Result<ConnectionView> {
    Ok(connection_view(api.engine.test_store(StoreId(request.id)).await?))
}

/// Tests an account without a store: of an ERP up to its branches and items.
pub async fn test_account(api: &Api, request: IdRequest) -> Result<ConnectionView> {
    Ok(connection_view(
        api.engine.test_account(AccountId(request.id)).await?,
    ))
}

fn connection_view(done: ConnectionTest) -> ConnectionView {
    ConnectionView {
        at: done.at,
        ok: done.is_ok(),
        steps: done.steps.into_iter().map(step_view).collect(),
    }
}

fn step_view(step: ConnectionStep) -> ConnectionStepView {
    ConnectionStepView {
        step: step.name.to_owned(),
        state: step.state.to_owned(),
        words: WordsView {
            code: step.words,
            params: step.params,
        },
        raw: step.raw,
        took_ms: step.took_ms,
    }
}

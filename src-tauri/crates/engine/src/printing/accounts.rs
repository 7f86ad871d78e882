//! Adding printers, and the sessions to reach them.

use crate::engine::Engine;
use crate::error::{EngineError, Result};
use crate::event::Tag;
use connect::printer::{NewPrinter, Printer};
use connect::session::{Credentials, Session};
use domain::id::{PrinterAccountId, PrinterId};
use domain::receipt::Paper;
use std::collections::BTreeMap;
use std::sync::Arc;
use storage::printer::{PrinterAccountRow, PrinterRow};

/// Printers to be added.
pub struct PrinterRequest {
    /// Kind of printer, by id.
    pub service: String,
    /// An account that is there already; a new one without it.
    pub account: Option<PrinterAccountId>,
    /// Own endpoint of a new account.
    pub endpoint: Option<String>,
    /// Settings of a new account.
    pub settings: BTreeMap<String, String>,
    /// Credentials of a new account.
    pub credentials: Credentials,
    /// The printers.
    pub printers: Vec<WantedPrinter>,
}

/// A printer's key, not yet sealed.
pub type Key = secrets::Secret;

/// One of them.
pub struct WantedPrinter {
    /// Number on the sticker, or the address in the network.
    pub number: String,
    /// Key on the sticker.
    pub key: Key,
    /// Label; the number without one.
    pub name: String,
    /// Paper.
    pub paper: Paper,
}

/// How adding one went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddedPrinter {
    /// Its number.
    pub number: String,
    /// Its row, when it is there now.
    pub id: Option<PrinterId>,
    /// Why not, in the other side's words; empty when it is.
    pub refused: String,
}

/// The refusal where credentials lived for an earlier run only.
const NOT_AUTHORIZED: &str = "printer_not_authorized";

/// Where the key of a printer is kept among its account's credentials.
fn key_field(number: &str) -> String {
    format!("key.{number}")
}

/// A printer with what is needed to reach it.
pub(super) struct Reached {
    pub(super) row: PrinterRow,
    pub(super) kind: Arc<dyn Printer>,
    pub(super) session: Session,
}

impl Engine {
    /// Adds printers to their cloud and keeps them with their keys. Those the cloud refuses are told and not kept; a new
    /// account of which it takes none is not kept either.
    pub async fn add_printers(&self, request: PrinterRequest) -> Result<Vec<AddedPrinter>> {
        let kind = self.printer_kind(&request.service)?;
        if request.printers.is_empty() {
            return Err(EngineError::refused("printer_missing"));
        }
        let known = match request.account {
            Some(id) => Some(self.db().read(|c| storage::printer::get_account(c, id))?),
            None => None,
        };
        let keys: Vec<(String, String)> = request
            .printers
            .iter()
            .map(|printer| (key_field(printer.number.trim()), printer.key.expose().to_owned()))
            .filter(|(_, key)| !key.is_empty())
            .collect();
        let now = self.now();
        let (account, held) = if let Some(account) = known {
            let held = self.printer_credentials(&account).await?;
            (account, held)
        } else {
            check_printers(&*kind, &request)?;
            let id = self.db().write(|tx| {
                let endpoint = request.endpoint.as_deref();
                storage::printer::insert_account(tx, now, &request.service, endpoint, &request.settings)
                    .map_err(EngineError::from)
            })?;
            let account = self.db().read(|c| storage::printer::get_account(c, id))?;
            (account, request.credentials.clone())
        };
        let credentials = held.with(keys);
        let wanted: Vec<NewPrinter> = request
            .printers
            .iter()
            .map(|printer| NewPrinter {
                number: printer.number.trim().to_owned(),
                key: printer.key.expose().into(),
                name: printer.name.clone(),
            })
            .collect();
        let session = printer_session(&account, credentials.clone())?;
        let outcomes = kind.add(&session, &wanted).await;
        let none_taken = outcomes
            .as_ref()
            .map_or(true, |all| all.iter().all(|one| one.refused.is_some()));
        if none_taken && request.account.is_none() {
            self.db()
                .write(|tx| storage::printer::delete_account(tx, account.id).map_err(EngineError::from))?;
        }
        let outcomes = outcomes?;
        if !none_taken && credentials.names().next().is_some() {
            self.keep_printer_credentials(account.id, credentials).await?;
        }
        let added = self.db().write(|tx| {
            let mut added = Vec::new();
            for (printer, outcome) in request.printers.iter().zip(&outcomes) {
                let number = outcome.number.as_str();
                let name = if printer.name.trim().is_empty() {
                    number
                } else {
                    printer.name.trim()
                };
                let id = match outcome.refused {
                    None => Some(storage::printer::insert(
                        tx,
                        account.id,
                        number,
                        name,
                        printer.paper,
                    )?),
                    Some(_) => None,
                };
                added.push(AddedPrinter {
                    number: number.to_owned(),
                    id,
                    refused: outcome.refused.clone().unwrap_or_default(),
                });
            }
            Ok::<_, EngineError>(added)
        })?;
        self.events().changed(&[Tag::Printing]);
        Ok(added)
    }

    /// Changes settings and credentials of an account: fields left out keep their value, a setting made empty goes. True
    /// when the credentials outlive this run.
    pub async fn update_printer_account(
        &self,
        id: PrinterAccountId,
        settings: &BTreeMap<String, String>,
        credentials: Credentials,
    ) -> Result<bool> {
        let account = self.db().read(|c| storage::printer::get_account(c, id))?;
        let mut kept = account.settings.clone();
        for (name, value) in settings {
            kept.insert(name.clone(), value.trim().to_owned());
        }
        kept.retain(|_, value| !value.is_empty());
        self.db()
            .write(|tx| storage::printer::set_account_settings(tx, id, &kept).map_err(EngineError::from))?;
        let mut lasting = true;
        if credentials.names().next().is_some() {
            let held = match self.printer_credentials(&account).await {
                Ok(held) => held,
                // They lived for an earlier run only: what is given now is all there is.
                Err(error) if error.code() == NOT_AUTHORIZED => Credentials::default(),
                Err(error) => return Err(error),
            };
            let pairs: Vec<(String, String)> = credentials.expose().into_iter().collect();
            lasting = self.keep_printer_credentials(id, held.with(pairs)).await?;
        }
        self.events().changed(&[Tag::Printing]);
        Ok(lasting)
    }

    /// Changes label and paper of a printer; slips that are queued stay as they were set.
    pub fn edit_printer(&self, id: PrinterId, name: &str, paper: Paper) -> Result<()> {
        self.db().write(|tx| {
            let row = storage::printer::get(tx, id)?;
            let name = match name.trim() {
                "" => row.number.as_str(),
                name => name,
            };
            storage::printer::edit(tx, id, name, paper)?;
            Ok::<_, EngineError>(())
        })?;
        self.events().changed(&[Tag::Printing]);
        Ok(())
    }

    /// The fields that an account's kind of printer asks for and that are set, as [`Engine::masked_credentials`] shows
    /// those of a platform. The printers' own keys are never among them.
    pub fn masked_printer_credentials(&self, account: &PrinterAccountRow) -> BTreeMap<String, String> {
        let opened = self.0.printer_keys.lock().get(&account.id).cloned();
        let fields = self.printer_kind(&account.service);
        let fields = fields.map_or_else(|_| Vec::new(), |kind| kind.descriptor().credential_fields.clone());
        crate::stores::masked(&fields, opened.as_ref(), account.has_secret)
    }

    /// Takes a printer out of its cloud and out of use. A cloud that does not know it any more is no hindrance.
    pub async fn remove_printer(&self, id: PrinterId) -> Result<()> {
        let _one_at_a_time = self.0.printing.lock().await;
        let reached = self.reach_printer(id).await?;
        reached
            .kind
            .remove(&reached.session, std::slice::from_ref(&reached.row.number))
            .await?;
        let now = self.now();
        self.db()
            .write(|tx| storage::printer::remove(tx, id, now, super::CLEARED).map_err(EngineError::from))?;
        self.events().changed(&[Tag::Printing]);
        Ok(())
    }

    pub(super) async fn reach_printer(&self, id: PrinterId) -> Result<Reached> {
        let row = self.db().read(|c| storage::printer::get(c, id))?;
        let account = self
            .db()
            .read(|c| storage::printer::get_account(c, row.account))?;
        let credentials = self.printer_credentials(&account).await?;
        Ok(Reached {
            kind: self.printer_kind(&account.service)?,
            session: printer_session(&account, credentials)?,
            row,
        })
    }

    /// Tells the cloud of a printer once more, with the key that was kept (F26). `Some`: why not, in its words.
    pub(super) async fn add_again(&self, reached: &Reached) -> Result<Option<String>> {
        let number = &reached.row.number;
        let key = reached.session.credentials.get(&key_field(number));
        let printer = NewPrinter {
            number: number.clone(),
            key: key.unwrap_or_default().into(),
            name: reached.row.name.clone(),
        };
        let outcomes = reached.kind.add(&reached.session, &[printer]).await?;
        Ok(outcomes.into_iter().find_map(|outcome| outcome.refused))
    }

    async fn printer_credentials(&self, account: &PrinterAccountRow) -> Result<Credentials> {
        let opened = self.0.printer_keys.lock().get(&account.id).cloned();
        if let Some(credentials) = opened {
            return Ok(credentials);
        }
        let credentials = match (&account.sealed, account.has_secret) {
            (Some(sealed), _) => self.unsealed(seal_name(account.id), sealed.clone()).await?,
            (None, false) => Credentials::default(),
            (None, true) => return Err(EngineError::refused(NOT_AUTHORIZED)),
        };
        self.0.printer_keys.lock().insert(account.id, credentials.clone());
        Ok(credentials)
    }

    /// True when they outlive this run.
    async fn keep_printer_credentials(&self, id: PrinterAccountId, credentials: Credentials) -> Result<bool> {
        let (sealed, lasting) = self.sealed(seal_name(id), &credentials).await?;
        self.db()
            .write(|tx| storage::printer::set_secret(tx, id, sealed.as_deref()).map_err(EngineError::from))?;
        self.0.printer_keys.lock().insert(id, credentials);
        Ok(lasting)
    }

    /// The session of an account alone.
    pub(super) async fn printer_account_session(
        &self,
        id: PrinterAccountId,
    ) -> Result<(Arc<dyn Printer>, Session)> {
        let account = self.db().read(|c| storage::printer::get_account(c, id))?;
        let credentials = self.printer_credentials(&account).await?;
        Ok((
            self.printer_kind(&account.service)?,
            printer_session(&account, credentials)?,
        ))
    }
}

fn check_printers(kind: &dyn Printer, request: &PrinterRequest) -> Result<()> {
    for field in &kind.descriptor().credential_fields {
        if !field.optional && request.credentials.get(field.key).is_none() {
            return Err(EngineError::refused_with(
                "credential_missing",
                [("field", field.label.to_owned())],
            ));
        }
    }
    if let Some(endpoint) = &request.endpoint {
        crate::session::endpoint_url(endpoint)?;
    }
    Ok(())
}

/// The name under which an account's credentials are sealed; accounts of platforms are sealed under their number alone.
fn seal_name(id: PrinterAccountId) -> String {
    format!("printers-{id}")
}

fn printer_session(account: &PrinterAccountRow, credentials: Credentials) -> Result<Session> {
    let endpoint = account.endpoint.as_deref().filter(|text| !text.is_empty());
    Ok(Session {
        account: format!("{}-printers{}", account.service, account.id),
        store: String::new(),
        remote_id: String::new(),
        endpoint: endpoint.map(crate::session::endpoint_url).transpose()?,
        credentials,
        settings: Arc::new(account.settings.clone()),
        clock_offset_ms: 0,
    })
}

//! Questions about one machine.

use super::ask::{Ask, unreadable};
use super::{Fetched, FlyClient};
use crate::decode::json;
use crate::decode::listed::{Listed, Raw};
use crate::error::FlyError;
use crate::http::Action;
use crate::machines::fields::each;
use crate::machines::{lease, one, processes};
use crate::token::FlyToken;
use model::machine::{MachineDetail, MachineVersion};
use model::{AppName, InstanceEvent, InstanceId, Lease, Process};

impl FlyClient {
    /// One machine. Within 5 requests a second for each machine.
    pub async fn machine(
        &self,
        token: &FlyToken,
        app: &AppName,
        id: &InstanceId,
    ) -> Result<MachineDetail, FlyError> {
        let ask = Ask::machine(Action::GetMachine, app, id, "");
        self.ask_and_read(token, ask, "the machine's id, region or time", |answer: Raw| one::machine(&answer))
            .await
    }

    /// What happened to a machine, oldest first: the newest `limit` events, 1 to 50.
    pub async fn machine_events(
        &self,
        token: &FlyToken,
        app: &AppName,
        id: &InstanceId,
        limit: u8,
    ) -> Result<Fetched<Vec<InstanceEvent>>, FlyError> {
        let limit = vec![("limit", limit.clamp(1, 50).to_string())];
        let ask = Ask::machine(Action::ListEvents, app, id, "/events").with(limit);
        let (value, unread) = one::events(&self.ask::<Listed>(token, ask).await?);
        Ok(Fetched::of(value, unreadable(unread, "event", "events")))
    }

    /// The versions of a machine's configuration, as Fly orders them.
    pub async fn machine_versions(
        &self,
        token: &FlyToken,
        app: &AppName,
        id: &InstanceId,
    ) -> Result<Fetched<Vec<MachineVersion>>, FlyError> {
        let ask = Ask::machine(Action::ListVersions, app, id, "/versions");
        let (value, unread) = one::versions(&self.ask::<Listed>(token, ask).await?);
        Ok(Fetched::of(value, unreadable(unread, "version", "versions")))
    }

    /// What runs in a machine, with the sockets it listens on. Fly can tell of a started machine
    /// only; of another it is [`FlyError::Rejected`] or [`FlyError::Conflict`].
    pub async fn processes(
        &self,
        token: &FlyToken,
        app: &AppName,
        id: &InstanceId,
    ) -> Result<Fetched<Vec<Process>>, FlyError> {
        let ask = Ask::machine(Action::ListProcesses, app, id, "/ps");
        let (value, unread) = each(&self.ask::<Listed>(token, ask).await?, processes::process);
        Ok(Fetched::of(value, unreadable(unread, "process", "processes")))
    }

    /// Who holds a lease on a machine; none where nobody does, which Fly says with 404. A machine
    /// that is not there is the same answer.
    pub async fn lease(
        &self,
        token: &FlyToken,
        app: &AppName,
        id: &InstanceId,
    ) -> Result<Option<Lease>, FlyError> {
        let ask = Ask::machine(Action::GetLease, app, id, "/lease");
        match self.ask_and_read(token, ask, "a lease", |answer: Raw| json::as_written(&answer)).await {
            Ok(answer) => Ok(lease::lease(&answer)),
            Err(FlyError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

//! What others' consoles weigh as they come from their registry, by the same measure as ours.
//!
//! Packages are fetched when this is measured, into `target/consoles/`, and nothing of them is used or
//! kept. Where they cannot be fetched their rows say so.

mod bundle;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use self::bundle::Bundle;
use super::{Finding, weight};
use crate::process;
use crate::workspace::Workspace;

const FETCH_LIMIT: Duration = Duration::from_secs(60);

/// A console whose built files are a package of npm.
struct Console {
    package: &'static str,
    version: &'static str,
    /// What it shows.
    about: &'static str,
    /// The page that it begins with, in the package.
    page: &'static str,
}

/// Those of which npm has the built page. Of nearer relatives (Nomad, Headlamp, Argo CD, Dozzle, Netdata,
/// the Kubernetes dashboard, Portainer, Rancher) it has parts for builders only.
const CONSOLES: [Console; 3] = [
    Console {
        package: "homebridge-config-ui-x",
        version: "5.28.0",
        about: "processes, logs and settings of a home server, live",
        page: "public/index.html",
    },
    Console {
        package: "@bull-board/ui",
        version: "9.10.2",
        about: "job queues, polled",
        page: "dist/index.ejs",
    },
    Console {
        package: "agendash",
        version: "8.2.4",
        about: "scheduled jobs, polled",
        page: "public/index.html",
    },
];

pub(super) fn measure(workspace: &Workspace) -> Result<Finding> {
    let ours = weight::code(&workspace.site())?;
    let folder = workspace.target().join("consoles");
    let weighed = CONSOLES.iter().map(|console| (console, weigh(&folder, console)));
    Ok(Finding { table: table(ours, weighed), over_limit: None })
}

/// Fetches a console, unless that version is there, and weighs what its page loads first.
fn weigh(folder: &Path, console: &Console) -> Result<Bundle> {
    let home = folder.join(console.package.replace(['@', '/'], "-"));
    let stamp = home.join(".fetched");
    if !fs::read_to_string(&stamp).is_ok_and(|version| version == console.version) {
        if home.exists() {
            fs::remove_dir_all(&home)?;
        }
        fs::create_dir_all(&home)?;
        unpack(&fetch(&home, console)?, &home)?;
        fs::write(stamp, console.version)?;
    }
    bundle::read(&home.join("package").join(console.page))
}

/// The archive of the package.
fn fetch(home: &Path, console: &Console) -> Result<PathBuf> {
    let package = format!("{}@{}", console.package, console.version);
    let mut npm = Command::new("npm");
    npm.args(["pack", "--silent", "--ignore-scripts", "--pack-destination"]).arg(home).arg(&package);
    process::run_within(FETCH_LIMIT, npm.current_dir(home))?;
    let archive = fs::read_dir(home)?.flatten().map(|entry| entry.path());
    let mut archive = archive.filter(|path| path.extension().is_some_and(|ending| ending == "tgz"));
    archive.next().with_context(|| format!("npm left no archive of {package}"))
}

fn unpack(archive: &Path, home: &Path) -> Result<()> {
    process::run(Command::new("tar").arg("xzf").arg(archive).arg("-C").arg(home))
}

fn table<'a>(
    (raw, brotli): (u64, u64),
    weighed: impl Iterator<Item = (&'a Console, Result<Bundle>)>,
) -> String {
    let mut text = String::from(
        "| console | shows | files | JavaScript and wasm in brotli | as it is |\n|---|---|---:|---:|---:|\n",
    );
    // Writing to a String cannot fail.
    let (raw, brotli) = (weight::kilobytes(raw), weight::kilobytes(brotli));
    writeln!(text, "| Windsock | apps on Fly, live | 5 | {brotli} | {raw} |").ok();
    for (Console { package, version, about, .. }, bundle) in weighed {
        let told = match bundle {
            Ok(Bundle { files, raw, brotli }) => {
                format!("{files} | {} | {}", weight::kilobytes(brotli), weight::kilobytes(raw))
            }
            Err(error) => {
                eprintln!("{package} was not measured: {error:#}");
                "| not measured |".to_owned()
            }
        };
        writeln!(text, "| {package} {version} | {about} | {told} |").ok();
    }
    text.push_str(
        "\nBuilt bundles as npm has them: what the page of each names, with all that is imported from there \
         before anything runs, each file compressed as ours are. What a script loads later is not counted: Windsock \
         loads nothing later, the first of the others most of its pages. They do other things; the numbers say \
         what is usual. Of nearer relatives (Nomad, Headlamp, Argo CD, Dozzle, Netdata, the Kubernetes \
         dashboard, Portainer, Rancher) npm has parts for builders and no built console.",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn a_console_that_could_not_be_fetched_says_so_and_the_others_are_told() {
        let bundle = Bundle { files: 3, raw: 2_000_000, brotli: 400_000 };
        let weighed = [(&CONSOLES[0], Ok(bundle)), (&CONSOLES[1], Err(anyhow!("no network")))];
        let table = table((1_070_000, 255_000), weighed.into_iter());
        assert!(table.contains("| Windsock | apps on Fly, live | 5 | 255.0 kB | 1070.0 kB |"), "{table}");
        assert!(table.contains("live | 3 | 400.0 kB | 2000.0 kB |"), "{table}");
        assert!(table.contains("polled | | not measured | |"), "{table}");
    }
}

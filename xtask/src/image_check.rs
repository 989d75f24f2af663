//! Runs the binary of an image root as the image would and probes it as Fly's proxy would.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::deployment::Deployment;
use crate::image_root::{BINARY, DATA, USER_ID};
use crate::workspace::Workspace;
use crate::{process, signals};

const STARTS_WITHIN: Duration = Duration::from_secs(10);
const EXITS_WITHIN: Duration = Duration::from_secs(5);
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_millis(50);

/// The shared libraries that the base image has.
const LIBRARIES: [&str; 8] =
    ["ld-linux", "libc.so", "libdl.so", "libgcc_s.so", "libm.so", "libpthread.so", "librt.so", "linux-vdso"];

/// Fails when the two files disagree, or the binary does not do what they say.
pub(crate) fn run(workspace: &Workspace, image: &Path) -> Result<()> {
    let deployment = Deployment::read(workspace)?;
    deployment.check()?;
    check_libraries(&image.join(BINARY))?;

    let room = Room::prepare(image)?;
    let address = free_address()?;
    let mut server = room.start(address)?;
    let result = probe(&mut server, address, deployment.check_path()?);
    if result.is_err() {
        server.kill().ok();
        server.wait().ok();
    }
    let log = fs::read_to_string(room.log()).unwrap_or_default();
    result.with_context(|| format!("the server of the image wrote:\n{log}"))?;
    println!("the image's server answered and stopped in time");
    Ok(())
}

fn probe(server: &mut Child, address: SocketAddr, path: &str) -> Result<()> {
    wait_until_healthy(server, address, path)?;
    // Fly's probe names the machine's private address, which is no public URL.
    let foreign = "172.19.0.2:8080";
    expect_healthy(&get(address, path, foreign)?)
        .with_context(|| format!("a probe with `Host: {foreign}`"))?;

    let idle = TcpStream::connect(address)?;
    signals::terminate(server.id());
    let ended = process::wait_within(EXITS_WITHIN, server)?;
    drop(idle);
    match ended {
        None => bail!("still running {} s after SIGTERM", EXITS_WITHIN.as_secs()),
        Some(status) if !status.success() => bail!("ended with {status} after SIGTERM"),
        Some(_) => Ok(()),
    }
}

fn wait_until_healthy(server: &mut Child, address: SocketAddr, path: &str) -> Result<()> {
    let deadline = Instant::now() + STARTS_WITHIN;
    let host = address.to_string();
    loop {
        if let Some(status) = server.try_wait()? {
            bail!("ended at start with {status}");
        }
        match get(address, path, &host).and_then(|answer| expect_healthy(&answer)) {
            Ok(()) => return Ok(()),
            Err(error) if Instant::now() >= deadline => {
                return Err(error.context(format!("not healthy on {address}{path}")));
            }
            Err(_) => thread::sleep(POLL),
        }
    }
}

fn expect_healthy(answer: &str) -> Result<()> {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let status = head.split(' ').nth(1).unwrap_or_default();
    if status != "200" || body.trim() != "ok" {
        bail!("answered status `{status}` and `{}`, not 200 and `ok`", body.trim());
    }
    Ok(())
}

fn get(address: SocketAddr, path: &str, host: &str) -> Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, ANSWERS_WITHIN)?;
    stream.set_read_timeout(Some(ANSWERS_WITHIN))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// All addresses as in the image, on a port that nothing uses; IPv4 where the system has no IPv6.
fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0))
        .or_else(|_| TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)))?;
    Ok(listener.local_addr()?)
}

/// A place that the image's user can reach, which a work tree in a home folder may not be.
struct Room {
    folder: tempfile::TempDir,
}

impl Room {
    fn prepare(image: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("windsock-image-").tempdir()?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        fs::copy(image.join(BINARY), folder.path().join("windsock"))?;
        let data = folder.path().join(DATA);
        fs::create_dir(&data)?;
        if process::is_root() {
            std::os::unix::fs::chown(&data, Some(USER_ID), Some(USER_ID))?;
        }
        Ok(Self { folder })
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Starts the server with the variables of the image and no others.
    fn start(&self, address: SocketAddr) -> Result<Child> {
        let log = fs::File::create(self.log())?;
        let mut command = Command::new(self.folder.path().join("windsock"));
        command
            .env_clear()
            .env("WINDSOCK_ADDR", address.to_string())
            .env("WINDSOCK_DATA_DIR", self.folder.path().join(DATA))
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        if process::is_root() {
            command.uid(USER_ID).gid(USER_ID);
        } else {
            println!("not root: the server runs as you instead of as the image's user");
        }
        process::spawn(&mut command)
    }
}

fn check_libraries(binary: &Path) -> Result<()> {
    if process::on_path("ldd").is_none() {
        return Ok(());
    }
    let listed = process::output(Command::new("ldd").arg(binary))?;
    let foreign = foreign_libraries(&listed);
    if !foreign.is_empty() {
        bail!("the base image does not have {}", foreign.join(", "));
    }
    Ok(())
}

fn foreign_libraries(listed: &str) -> Vec<&str> {
    listed
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|library| !LIBRARIES.iter().any(|known| library.contains(known)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_the_base_image_lacks_is_named() {
        let listed = "\tlinux-vdso.so.1 (0x1)\n\tlibssl.so.3 => /lib/libssl.so.3 (0x2)\n\
            \tlibc.so.6 => /lib/libc.so.6 (0x3)\n\t/lib64/ld-linux-x86-64.so.2 (0x4)\n";
        assert_eq!(foreign_libraries(listed), ["libssl.so.3"]);
    }

    #[test]
    fn healthy_is_status_200_and_ok() {
        assert!(expect_healthy("HTTP/1.1 200 OK\r\na: b\r\n\r\nok").is_ok());
        assert!(expect_healthy("HTTP/1.1 421 No\r\na: b\r\n\r\nok").is_err());
        assert!(expect_healthy("HTTP/1.1 200 OK\r\na: b\r\n\r\n<html>").is_err());
        assert!(expect_healthy("").is_err());
    }
}

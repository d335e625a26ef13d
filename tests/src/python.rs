//! The Python of the interop tests, which `cargo xtask test` installs into target/interop.
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// The access key that requests are signed with: an example key of the documentation of AWS.
pub const ACCESS_KEY: &str = "AKIDEXAMPLE";
/// Its secret.
pub const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
/// The region that requests are signed for.
pub const REGION: &str = "eu-west-1";

/// The credentials, as boto3 names them.
pub fn credentials(session_token: Option<&str>) -> Value {
    json!({
        "aws_access_key_id": ACCESS_KEY,
        "aws_secret_access_key": SECRET_KEY,
        "aws_session_token": session_token,
    })
}

/// The client that `send.py` makes: of boto3's service of this name, at this endpoint.
pub fn client(service: &str, endpoint: &str) -> Value {
    json!({
        "region": REGION,
        "credentials": credentials(None),
        "service": service,
        "endpoint": endpoint,
    })
}

/// An interpreter with the packages that are listed in `tests/interop/requirements.txt`.
pub struct Python {
    environment: PathBuf,
    scripts: PathBuf,
}

impl Python {
    /// The interpreter in target/interop. Tests that use it are ignored where `cfg(python)` is not
    /// set.
    pub fn installed() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("the tests are in the workspace");
        Self {
            environment: root.join("target/interop"),
            scripts: root.join("tests/interop"),
        }
    }

    /// The path of a program that a package has installed.
    pub fn program(&self, name: &str) -> PathBuf {
        self.environment.join("bin").join(name)
    }

    /// Runs a script that reads one JSON value and prints one.
    pub fn run(&self, script: &str, task: &Value) -> Value {
        let mut child = self.spawn(script);
        let mut stdin = child.stdin.take().expect("stdin is piped");
        stdin
            .write_all(task.to_string().as_bytes())
            .unwrap_or_else(|error| panic!("{script} does not read: {error}"));
        drop(stdin);
        let output = child
            .wait_with_output()
            .expect("what was started can be waited for");
        assert!(output.status.success(), "{script} fails, see above");
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{script} prints no JSON: {error}"))
    }

    /// Starts a script that replies to each line of JSON with another.
    pub fn converse(&self, script: &'static str) -> Conversation {
        let mut child = self.spawn(script);
        let stdin = child.stdin.take().expect("stdin is piped");
        let stdout = child.stdout.take().expect("stdout is piped");
        Conversation {
            script,
            child,
            stdin,
            stdout: BufReader::new(stdout),
        }
    }

    /// Runs a program at any path and returns its output.
    pub fn print(&self, program: &Path) -> String {
        let program = program.to_str().expect("the workspace has a UTF-8 path");
        let child = self.spawn(program);
        let output = child.wait_with_output();
        let output = output.expect("what was started can be waited for");
        assert!(output.status.success(), "{program} fails, see above");
        String::from_utf8(output.stdout).expect("it prints text")
    }

    /// Nothing of the surroundings reaches a script: no configuration or credentials of AWS, no
    /// proxy.
    fn spawn(&self, script: &str) -> Child {
        let program = if cfg!(windows) {
            "Scripts/python.exe"
        } else {
            "bin/python"
        };
        let mut command = Command::new(self.environment.join(program));
        command
            .args(["-I", "-X", "utf8"])
            .arg(self.scripts.join(script))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .env_clear()
            .envs(kept("PATH"))
            .envs(kept("SYSTEMROOT"))
            .envs(kept("TMPDIR"))
            .env("HOME", &self.environment)
            .env("USERPROFILE", &self.environment)
            .env("AWS_EC2_METADATA_DISABLED", "true");
        command
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {script}: {error}"))
    }
}

fn kept(name: &str) -> Option<(&str, impl AsRef<OsStr> + use<>)> {
    std::env::var_os(name).map(|value| (name, value))
}

/// A script that runs beside the test. It is killed when this goes out of scope; should the test be
/// killed itself, the end of stdin ends it.
pub struct Conversation {
    script: &'static str,
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Conversation {
    /// Tells the script something that it does not response.
    pub fn tell(&mut self, line: &Value) {
        let script = self.script;
        writeln!(self.stdin, "{line}")
            .unwrap_or_else(|error| panic!("{script} does not read: {error}"));
    }

    /// What the script replies.
    pub fn ask(&mut self, question: &Value) -> Value {
        self.tell(question);
        let script = self.script;
        let mut response = String::new();
        self.stdout
            .read_line(&mut response)
            .unwrap_or_else(|error| panic!("{script} does not response: {error}"));
        assert!(!response.is_empty(), "{script} ended, see above");
        serde_json::from_str(&response)
            .unwrap_or_else(|error| panic!("{script} prints no JSON: {error}: {response}"))
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        // It fails when the script has ended, which is just as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! The child: reads documents from standard input, one after the other, and writes what came of them.

use std::any::Any;
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::thread;

use extract::{Extracted, Hint};
use model::{Failure, FailureCode};

use super::confine;
use super::protocol::{Answer, HELLO, MAX_ANSWER, READY, Refusal, Request};

/// Readers of trees recurse. The system hands stack out as it is used, so a generous reserve costs nothing.
const STACK_BYTES: usize = 128 * 1024 * 1024;

/// The whole of a parser child: what `gleaner parse-child` runs. Ends when standard input does.
pub fn child_main() -> ExitCode {
    let served = thread::Builder::new().stack_size(STACK_BYTES).spawn(|| {
        confine::for_good()?;
        serve(&mut io::stdin().lock(), &mut io::stdout().lock())
    });
    match served.map(thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        Ok(Ok(Err(error))) | Err(error) => {
            eprintln!("the parser child stopped: {error}");
            ExitCode::FAILURE
        }
        Ok(Err(_)) => ExitCode::FAILURE,
    }
}

fn serve(input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    output.write_all(HELLO)?;
    output.flush()?;
    while let Some(request) = request(input)? {
        confine::for_document(request.memory_bytes, request.cpu_secs)?;
        output.write_all(&[READY])?;
        output.flush()?;
        let mut body = Vec::new();
        if input.take(request.length).read_to_end(&mut body)? as u64 != request.length {
            return Ok(());
        }
        let answer: Answer = read(&body, &request.hint).map_err(Refusal::from);
        drop(body);
        reply(output, answer)?;
    }
    Ok(())
}

/// The next request, or nothing when the parent is done.
fn request(input: &mut impl Read) -> io::Result<Option<Request>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let mut json = vec![0; u32::from_le_bytes(length) as usize];
    input.read_exact(&mut json)?;
    Ok(Some(serde_json::from_slice(&json)?))
}

fn read(body: &[u8], hint: &Hint) -> Result<Extracted, Failure> {
    catch_unwind(AssertUnwindSafe(|| extract::extract(body, hint))).unwrap_or_else(|panic| {
        let text = format!("the document makes its reader fail: {}", message(panic.as_ref()));
        Err(Failure::new(FailureCode::ParseFailed, text))
    })
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("without a message").chars().take(200).collect()
}

fn reply(output: &mut impl Write, answer: Answer) -> io::Result<()> {
    let mut json = serde_json::to_vec(&answer)?;
    drop(answer);
    if json.len() > MAX_ANSWER {
        let text = format!("its text takes more than {} MiB; split the page", MAX_ANSWER / 1024 / 1024);
        json = serde_json::to_vec(&Answer::Err(Failure::new(FailureCode::TooLarge, text).into()))?;
    }
    let length = u32::try_from(json.len()).map_err(io::Error::other)?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(&json)?;
    output.flush()
}

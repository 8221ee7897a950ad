//! Servers the tests make. What one answers is a function from requests to responses; `in_process` reaches
//! it through an SDK HTTP client, `socket` through a port of this machine. Must judge nothing.

mod answers;
mod eventual;
mod in_process;
mod socket;

pub use answers::{Answers, constant, echo, fake, operation, slow, throttling};
pub use eventual::eventual;
pub use in_process::InProcess;
pub use socket::{Socket, receive};

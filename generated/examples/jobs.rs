//! Lists the jobs of a backend, page by page.

use amplify_admin::amplifybackend::Client;
use amplify_admin::amplifybackend::input::ListBackendJobsInput;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let endpoint = std::env::args().nth(1).ok_or("which endpoint?")?;
    let client = Client::builder().endpoint(endpoint).build()?;
    let mut jobs = client.list_backend_jobs_items(ListBackendJobsInput::new("d1abc", "test"));
    while let Some(job) = jobs.next().await {
        let job = job?;
        println!("{:?} since {:?}", job.operation, job.create_time);
    }
    Ok(())
}

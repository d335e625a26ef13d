//! Lists the jobs of a backend, page by page.

use amplify_admin::amplifybackend::Client;
use amplify_admin::amplifybackend::input::{ListBackendJobsInput, ListBackendJobsInputRequired};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let endpoint = std::env::args().nth(1).ok_or("which endpoint?")?;
    let client = Client::builder()
        .endpoint(endpoint)
        .unauthenticated()
        .build()?;
    let input = ListBackendJobsInput::new(ListBackendJobsInputRequired {
        app_id: "d1abc",
        backend_environment_name: "test",
    });
    let mut jobs = client.list_backend_jobs_items(input);
    while let Some(job) = jobs.next().await {
        let job = job?;
        println!("{:?} since {:?}", job.operation, job.create_time);
    }
    Ok(())
}

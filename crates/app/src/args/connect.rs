//! The command line of `gleaner connect`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use model::Source;

/// `gleaner connect`.
#[derive(Debug, Subcommand)]
pub enum ConnectCommand {
    /// Connect Notion with the token of an internal integration.
    ///
    /// Make the integration at https://www.notion.so/profile/integrations, allow it to read content, and share with it the
    /// pages that it is to see: it sees those and what is below them.
    Notion {
        /// The API, for a gateway or a test.
        #[arg(long, value_name = "URL")]
        api_url: Option<String>,
        /// What proves that we may read.
        #[command(flatten)]
        proof: ProofArgs,
    },
    /// Connect a Zendesk help centre: by an OAuth client, by a token, or as anybody who may read it.
    #[command(after_help = "Examples:
  gleaner connect zendesk --site https://acme.zendesk.com --anonymous --locale en-us
  gleaner connect zendesk --site https://acme.zendesk.com --client-id gleaner --secret-file client-secret
  gleaner connect zendesk --site https://acme.zendesk.com --user me@acme.com --secret-file api-token")]
    Zendesk {
        /// The brand's own address, such as https://acme.zendesk.com.
        #[arg(long, value_name = "URL")]
        site: String,
        /// Only articles in this locale, such as en-us.
        #[arg(long, value_name = "LOCALE")]
        locale: Option<String>,
        /// Import drafts too.
        #[arg(long)]
        drafts: bool,
        /// Import articles too that not everybody may read.
        #[arg(long)]
        restricted: bool,
        /// Read what anybody may read.
        #[arg(long, conflicts_with_all = ["secret_file", "user", "client_id", "oauth"])]
        anonymous: bool,
        /// The scope that the OAuth client asks for [default: hc:read].
        #[arg(long, value_name = "SCOPE", requires = "client_id")]
        scope: Option<String>,
        /// Where tokens come from [default: /oauth/tokens of the site].
        #[arg(long, value_name = "URL", hide_short_help = true)]
        token_url: Option<String>,
        /// What proves that we may read.
        #[command(flatten)]
        proof: ProofArgs,
    },
    /// Connect Confluence Cloud with an API token, or a Data Center with a personal access token.
    #[command(after_help = "Examples:
  gleaner connect confluence --site https://acme.atlassian.net/wiki --user me@acme.com --secret-file api-token
  gleaner connect confluence --site https://wiki.acme.corp --data-center --secret-file personal-token")]
    Confluence {
        /// The site, such as https://acme.atlassian.net/wiki.
        #[arg(long, value_name = "URL")]
        site: String,
        /// The API when it is not below the site: scoped tokens want https://api.atlassian.com/ex/confluence/CLOUD_ID/wiki.
        #[arg(long, value_name = "URL")]
        api_url: Option<String>,
        /// Atlassian's gateway, which consent goes by [default: https://api.atlassian.com].
        #[arg(long, value_name = "URL", hide_short_help = true)]
        gateway_url: Option<String>,
        /// It is a Data Center.
        #[arg(long)]
        data_center: bool,
        /// Only this space, by its key; may be repeated.
        #[arg(long = "space", value_name = "KEY")]
        spaces: Vec<String>,
        /// Take pages as Confluence renders them, which runs their macros.
        #[arg(long)]
        rendered: bool,
        /// Where tokens come from, for OAuth.
        #[arg(long, value_name = "URL", hide_short_help = true)]
        token_url: Option<String>,
        /// What proves that we may read.
        #[command(flatten)]
        proof: ProofArgs,
    },
    /// Connect Google Drive with the key file of a service account.
    #[command(
        name = "googledrive",
        after_help = "Examples:
  gleaner connect googledrive --key-file service-account.json --folder 1AbCdEf
  gleaner connect googledrive --key-file service-account.json --subject knowledge@acme.com"
    )]
    GoogleDrive {
        /// The key file, as Google gave it.
        #[arg(long, value_name = "FILE", conflicts_with_all = ["secret_file", "client_id"])]
        key_file: Option<PathBuf>,
        /// The user on whose behalf the service account reads.
        #[arg(long, value_name = "USER", requires = "key_file")]
        subject: Option<String>,
        /// Only what is below this folder, by its id; may be repeated.
        #[arg(long = "folder", value_name = "ID")]
        folders: Vec<String>,
        /// Only this shared drive, by its id.
        #[arg(long, value_name = "ID")]
        drive: Option<String>,
        /// The API, for a gateway or a test.
        #[arg(long, value_name = "URL", hide_short_help = true)]
        api_url: Option<String>,
        /// Where tokens come from [default: what the key file says].
        #[arg(long, value_name = "URL", hide_short_help = true)]
        token_url: Option<String>,
        /// What proves that we may read.
        #[command(flatten)]
        proof: ProofArgs,
    },
    /// List the connections.
    List {
        /// Print the list as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Ask a provider who we are.
    Test {
        /// The provider: notion, zendesk, confluence or googledrive.
        #[arg(value_name = "PROVIDER", value_parser = parse_provider)]
        provider: Source,
    },
    /// Forget a connection and its secrets. Its documents stay.
    Remove {
        /// The provider: notion, zendesk, confluence or googledrive.
        #[arg(value_name = "PROVIDER", value_parser = parse_provider)]
        provider: Source,
    },
}

/// What proves that we may read. A secret is never given on the command line, where every user of the machine can see it.
#[derive(Debug, Args)]
pub struct ProofArgs {
    /// The file with the secret alone: the token, or the client's secret; `-` for standard input [default: asks for it].
    #[arg(long, value_name = "FILE", env = "GLEANER_PROVIDER_SECRET_FILE")]
    pub secret_file: Option<PathBuf>,
    /// The user whose token it is, mostly a mail address.
    #[arg(long, value_name = "NAME", conflicts_with = "client_id")]
    pub user: Option<String>,
    /// The OAuth client whose secret it is.
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Ask a person for consent in the browser, with the OAuth client.
    #[arg(long, requires = "client_id")]
    pub oauth: bool,
    /// The file with a refresh token that the OAuth client was given before, instead of a person's consent now.
    #[arg(long, value_name = "FILE", requires = "client_id", conflicts_with = "oauth")]
    pub refresh_token_file: Option<PathBuf>,
    /// Where the person is sent for consent [default: the provider's own page].
    #[arg(long, value_name = "URL", requires = "oauth", hide_short_help = true)]
    pub authorize_url: Option<String>,
    /// How many requests a second the provider gets at most [default: what its vendor allows].
    #[arg(long, value_name = "N")]
    pub requests_per_second: Option<f64>,
}

/// A provider that can be connected.
pub fn parse_provider(text: &str) -> Result<Source, String> {
    let known = text.parse().ok().filter(|source| !matches!(source, Source::Web | Source::Files));
    known.ok_or_else(|| "use notion, zendesk, confluence or googledrive".to_owned())
}

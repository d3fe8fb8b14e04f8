"""The texts of refusals of security, each written once, with the release that each wording begins with."""

from fake_es.wire.words import Words

NO_CREDENTIALS = Words(
    "missing authentication token for REST request [{uri}]",
    ((7, 0), "missing authentication credentials for REST request [{uri}]"),
)
WRONG_CREDENTIALS = "unable to authenticate user [{user}] for {purpose}"
WRONG_RESERVED = Words("failed to authenticate user [{user}]", ((7, 5), WRONG_CREDENTIALS))
BAD_BASIC_ENCODING = "invalid basic authentication header encoding"
BAD_BASIC_VALUE = "invalid basic authentication header value"
PROVIDED_CREDENTIALS = "unable to authenticate with provided credentials and anonymous access is not allowed for this request"
BAD_API_KEY = {
    "unknown": "API key: unable to find apikey with id {id}",
    "invalidated": "API key: api key [{id}] has been invalidated",
    "wrong": "API key: invalid credentials for API key [{id}]",
    "expired": "API key: api key is expired",
    "other type": "API key: authentication expected API key type of [rest], but API key [{id}] has type [{type}]",
}
BAD_TOKEN = "oauth2 token: invalid token"
BAD_SERVICE_TOKEN = "failed to authenticate service account [{account}] with token name [{name}]"
TOKEN_EXPIRED = "token expired"
TOKEN_EXPIRED_CHALLENGE = 'Bearer realm="security", error="invalid_token", error_description="The access token expired"'
BAD_SECONDARY = "Failed to authenticate secondary user"
NO_SECONDARY = "Failed to authenticate secondary user - [{header}] header could not be understood"
REFRESHED = {
    "unknown": "could not refresh the requested token",
    "ended": "token has been invalidated",
    "expired": "refresh token is expired",
    "again": "token has already been refreshed more than 30 seconds in the past",
    "other": "tokens must be refreshed by the creating client",
}

UNAUTHORIZED = "action [{action}] is unauthorized for {who}"
NEEDS_AUTHENTICATION = "action [{action}] requires authentication"
RUN_AS_DENIED = Words(
    "{denied} run as [{target}]",
    ((8, 3), "{denied} because {who} is unauthorized to run as [{target}]"),
    ((8, 5), "{denied}{roles}, because {who} is unauthorized to run as [{target}]"),
)
GRANTED_BY = ", this action is granted by the cluster privileges [{privileges}]"
GRANTED_BY_INDEX = ", this action is granted by the index privileges [{privileges}]"

NO_SUCH_CLUSTER = "no such remote cluster: [{cluster}]"
REMOTE_NAMES = "Cross-cluster calls are not supported in this context but remote indices were requested: [{names}]"
ALIAS_GRANTS_MORE = "Adding an alias is not allowed when the alias has more permissions than any of the indices"
ALIAS_OF_LIMITED = (
    "Alias requests are not allowed for users who have field or document level security enabled on one of the indices"
)

UNKNOWN_PRIVILEGE = Words(
    "unknown cluster privilege [{name}]. a privilege must be either one of the predefined fixed cluster privileges"
    " [{known}] or a pattern over one of the available cluster actions",
    (
        (7, 4),
        "unknown cluster privilege [{name}]. a privilege must be either one of the predefined cluster privilege names"
        " [{known}] or a pattern over one of the available cluster actions",
    ),
)
UNKNOWN_INDEX_PRIVILEGE = (
    "unknown index privilege [{name}]. a privilege must be either one of the predefined fixed indices privileges"
    " [{known}] or a pattern over one of the available index actions"
)
NO_SUCH_SECURITY = "{kind} level security, which a role asks for on [{index}], is not emulated by fake_es"
PATTERN_WITHOUT_SLASH = (
    "invalid pattern [{pattern}]. patterns starting with '/' indicate regular expression pattern and therefore must also end"
    " with '/'. other patterns (those that do not start with '/') will be treated as simple wildcard patterns"
)
PATTERNS_INVALID = "The set of patterns [{patterns}] is invalid"
PATTERNS_TOO_COMPLEX = "The set of patterns [{patterns}] is too complex to evaluate"
BAD_NAME_PATTERN = "invalid regular expression pattern [{pattern}]"
RESERVED_ROLE = "role [{name}] is reserved and cannot be modified."
RESERVED_ROLE_DELETED = "role [{name}] is reserved and cannot be deleted"
RESERVED_USER = "user [{name}] is reserved and only the password can be changed"
RESERVED_USER_DELETED = "user [{name}] is reserved and cannot be deleted"
INTERNAL_USER = "user [{name}] is internal"
BAD_NAME = (
    "{kind} names must be at least 1 and no more than {most} characters. They can contain alphanumeric characters"
    " (a-z, A-Z, 0-9), spaces, punctuation, and printable symbols in the Basic Latin (ASCII) block."
    " Leading or trailing whitespace is not allowed."
)
ROLES_MISSING = "roles are missing"
RESERVED_METADATA = "metadata keys may not start with [_]"
RESERVED_ROLE_METADATA = Words(RESERVED_METADATA, ((8, 1), f"role descriptor {RESERVED_METADATA}"))
SHORT_PASSWORD = "passwords must be at least [6] characters long"
PASSWORD_NEEDED = "password must be specified unless you are updating an existing user"
PASSWORD_MISSING = "password is missing"
PASSWORD_AND_HASH = "password_hash has already been set"
NO_HASH = "The provided password hash is not a hash or it could not be resolved to a supported hash algorithm."
HASH_NOT_EMULATED = "[password_hash] is not emulated by fake_es: give the password itself"
IMPLICIT_NOT_EMULATED = "[include_implicit] is not emulated by fake_es"
USER_MUST_EXIST = "user must exist in order to change password"
NO_SUCH_USER = "only existing users can be {verb}"
ANONYMOUS_USER = "user [{name}] is anonymous and cannot be modified via the API"
OWN_ACCOUNT_ONLY = "users may only check the privileges of their own account"
NO_PRIVILEGES_NAMED = "must specify at least one privilege"
SELF_DISABLE = "users may not update the enabled status of their own account"
LIMITED_PRIVILEGES = (
    "Cannot retrieve privileges for API keys with assigned role descriptors. Please use the Get API key information API"
)
NO_APPLICATION_PRIVILEGES = "At least one application privilege must be provided"
OTHER_PRIVILEGE = "expected privilege {field} [{expected}] but found [{found}] instead"
BAD_APPLICATION = {
    "blank": "Application names cannot be blank",
    "star": "Application names may not contain '*' (found '{name}')",
    "space": "Application names may not contain whitespace (found '{name}')",
    "prefix": "An application name prefix must match the pattern ^[a-z][A-Za-z0-9]*$ (found '{prefix}')",
    "short": "An application name prefix must be at least 3 characters long (found '{prefix}')",
    "suffix": "An application name suffix may not contain any of the characters '\\/*?\"<>| ,' (found '{suffix}')",
}
BAD_PRIVILEGE_NAME = "Application privilege names must match the pattern ^[a-z][a-zA-Z0-9_.-]*$ (found '{name}')"
NO_ACTIONS = "Application privileges must have at least one action"
BAD_ACTION = "action [{action}] must contain one of [ '/' , '*' , ':' ]"
RESERVED_PRIVILEGE_METADATA = "metadata keys may not start with [_] (in privilege {application} {name})"

KEY_NAME = {
    "missing": "api key name is required",
    "long": "api key name may not be more than 256 characters long",
    "blank": "api key name may not begin or end with whitespace",
    "underscore": "api key name may not begin with an underscore",
}
RESERVED_KEY_METADATA = "API key metadata keys may not start with [_]"
DERIVED_KEY = "creating derived api keys requires an explicit role descriptor that is empty (has no privileges)"
CLONE_UNREADABLE = "API key to clone cannot be read"
CLONE_REFUSED = "API key to clone cannot be authenticated, or is not owned by the requesting user"
GRANT = {
    "missing": "[grant_type] is required",
    "unknown": "grant_type [{type}] is not supported",
    "needed": "[{field}] is required for grant_type [{type}]",
    "unwanted": "[{field}] is not supported for grant_type [{type}]",
}
NO_OWN_KEY = "no API key owned by requesting user found for ID [{id}]"
KEY_NOT_CHANGED = {
    "invalidated": "cannot update invalidated API key [{id}]",
    "expired": "cannot update expired API key [{id}]",
    "type": "cannot update API key of type [{type}] while expected type is [{expected}]",
}
UPDATE_BY_KEY = "authentication via API key not supported: only the owner user can update an API key"
WHICH_KEYS = {
    "none": "One of [api key id{s}, api key name, username, realm name] must be specified if [owner] flag is false",
    "both": "username or realm name must not be specified when the api key id{s} or api key name {are} specified",
    "owned": "neither username nor realm-name may be specified when {verb} owned API keys",
    "one": "only one of [api key id{s}, api key name] can be specified",
}
NO_ACCESS = "must specify non-empty access for either [search] or [replication]"
NO_CROSS_CLUSTER_CHANGE = "must update either [access], [metadata], or [expiration] for cross-cluster API keys"
CROSS_CLUSTER_BY_KEY = "authentication via API key not supported: An API key cannot be used to create a cross-cluster API key"

GRANT_TYPES = "grant_type only supports the values: [{known}]"
TOKEN_FIELD_MISSING = "{field} is missing"
TOKEN_FIELD_UNWANTED = "{field} is not supported with the {type} grant_type"
NO_TOKENS_FOR_SERVICES = "OAuth2 token creation is not supported for service accounts"
ONE_TOKEN = "only one of [token, refresh_token] may be sent per request"
TOKEN_AND_OWNER = {
    "text": "token string must not be provided when realm name or username is specified",
    "type": "token type must not be provided when realm name or username is specified",
    "neither": "token string must be provided when not specifying a realm name or a username",
}
BAD_TOKEN_NAME = (
    "service account token name must have at least 1 character and at most 256 characters that are alphanumeric"
    " (A-Z, a-z, 0-9) or hyphen (-) or underscore (_). It must not begin with an underscore (_)."
)
NO_SERVICE_ACCOUNT = "service account [{name}] does not exist"
TOKEN_EXISTS = "[service_account_token-{account}/{name}]: version conflict, document already exists (current version [1])"
NO_PROFILE = "profile document not found"
NO_PROFILE_DATA = "update request is empty"
DOT_IN_APPLICATION = "application name must not contain dot, but found [{names}]"
UNDERSCORE_IN_APPLICATION = "application name must not start with underscore, but found [{names}]"
PROFILE_CONFLICT = (
    "[profile_{uid}]: version conflict, required seqNo [{seq_no}], primary term [{term}]."
    " current document has seqNo [{number}] and primary term [1]"
)
SUGGEST_SIZE = "[size] parameter cannot be negative or greater than {most} but was [{size}]"
QUERY_FIELD = Words(
    "Field [{field}] is not allowed for {kind} query",
    ((8, 14), "Field [{field}] is not allowed for querying or aggregation"),
)
QUERY_TYPE = Words(
    "Query type [{type}] is not supported for {kind} query",
    ((8, 14), "Query type [{type}] is not currently supported in this context"),
)
MAPPING = {
    "roles": "role-mapping roles or role-templates are missing",
    "both": "role-mapping cannot have both roles and role-templates",
    "rules": "role-mapping rules are missing",
}
SETTINGS_NOT_ALLOWED = (
    "illegal settings for index [{index}]: [{names}], these settings may not be configured."
    " Only the following settings may be configured for that index: [{known}]"
)
NO_ROLES_NAMED = "At least one role must be specified"

//! Travel times and opportunities → indicators of neighbourhoods.

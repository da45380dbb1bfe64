//! OpenStreetMap extracts → walkable ways, places and homes.

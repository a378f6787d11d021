package intelgraph.trust

allow_publish(item) {
  item.category == "slo"; item.contains_pii == false
} else {
  item.category == "evidence"; item.hash != ""; item.signature != ""
}

---
name: inspections_of_entities
title: 市场主体检查情况（模拟）
layer: base
owner: 市大数据局
class: "303001"
key: [uscc]
schedule: on-change
columns:
  uscc: {title: 统一社会信用代码}
  inspections: {title: 检查次数}
  faults: {title: 问题数, meaning: 历次检查合计}
  latest: {title: 最近检查日期}
tests:
  - not_null: [uscc]
  - unique: [uscc]
  - expression: inspections > 0
---
SELECT uscc, count(*) AS inspections, sum(faults) AS faults, max(inspected) AS latest FROM "30300302/2" WHERE uscc IS NOT NULL GROUP BY uscc

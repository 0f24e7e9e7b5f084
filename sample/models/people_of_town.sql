---
name: people_of_town
title: 各镇街户籍人口（模拟）
layer: base
owner: 市大数据局
class: "303001"
key: [town]
schedule: on-change
columns:
  town: {title: 乡镇街道代码}
  people: {title: 人数, meaning: 状态为有效的登记人数}
tests:
  - not_null: [town]
  - unique: [town]
  - expression: people > 0
---
SELECT town, count(*) AS people FROM "30300201/1" WHERE state = '有效' AND town IS NOT NULL GROUP BY town

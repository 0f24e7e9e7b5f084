---
name: market_entities
title: 市场主体标准表（模拟）
layer: standard
owner: 市大数据局
class: "303001"
key: [uscc]
schedule: on-change
freshness: 7d
columns:
  uscc: {title: 统一社会信用代码}
  name: {title: 名称}
  industry: {title: 行业门类, meaning: GB/T 4754 的门类字母}
  capital: {title: 注册资本, meaning: 人民币元}
  founded: {title: 成立日期}
  state: {title: 经营状态}
tests:
  - not_null: [uscc]
  - unique: [uscc]
---
SELECT uscc, name, industry, capital, founded, state FROM "30300301/1"

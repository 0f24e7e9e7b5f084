---
name: entities_by_industry
title: 各行业市场主体（模拟）
layer: theme
owner: 市大数据局
class: "303001"
key: [industry]
schedule: on-change
columns:
  industry: {title: 行业门类}
  entities: {title: 主体数}
  active: {title: 在业数}
  capital: {title: 注册资本合计, meaning: 人民币元}
tests:
  - not_null: [industry]
  - unique: [industry]
  - expression: active <= entities
---
SELECT industry, count(*) AS entities, count(*) FILTER (WHERE state = '在业') AS active, sum(capital) AS capital
FROM market_entities WHERE industry IS NOT NULL GROUP BY industry

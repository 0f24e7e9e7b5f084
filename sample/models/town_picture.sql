---
name: town_picture
title: 镇街一张表（模拟）
layer: theme
owner: 市大数据局
class: "303001"
key: [town]
schedule: on-change
columns:
  town: {title: 乡镇街道代码}
  people: {title: 户籍人口}
  parts: {title: 城市部件数}
  broken: {title: 破损部件数}
tests:
  - not_null: [town]
  - unique: [town]
  - expression: broken <= parts
---
SELECT coalesce(p.town, c.town) AS town, p.people, coalesce(c.parts, 0) AS parts, coalesce(c.broken, 0) AS broken
FROM people_of_town AS p
FULL JOIN (SELECT town, count(*) AS parts, count(*) FILTER (WHERE state = '破损') AS broken FROM "30301401/1" WHERE town IS NOT NULL GROUP BY town) AS c ON c.town = p.town

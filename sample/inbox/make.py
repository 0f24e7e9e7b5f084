"""Writes the files of this folder: 模拟 data of nobody, in the shapes departments really send. The same bytes every time.

Run: python3 make.py. Identity numbers bear the division 339901, which no edition of GB/T 2260 has.
"""
import io
import json
import random
import zipfile

dice = random.Random(784)
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", "明华丽强芳伟敏静军洋艳勇杰娟涛"
ZIP_TIME = (2026, 1, 1, 0, 0, 0)


def id_number():
    body = f"339901{dice.randint(1950, 2008)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}{dice.randint(0, 999):03}"
    return body + "10X98765432"[sum(int(d) * (2 ** (17 - i) % 11) for i, d in enumerate(body)) % 11]


def credit_code():
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    number = "MA" + "".join(dice.choice(alphabet) for _ in range(7))[:6]
    rest = -sum(int(c, 36) * weight for c, weight in zip(number, (3, 7, 9, 10, 5, 8, 4, 2))) % 11  # GB 11714, inside GB 32100
    body = "91339901" + number + "0123456789X"[rest]
    return body + alphabet[(31 - sum(alphabet.index(c) * (3 ** i % 31) for i, c in enumerate(body)) % 31) % 31]


def name():
    return dice.choice(SURNAMES) + "".join(dice.choice(GIVEN) for _ in range(dice.randint(1, 2)))


def day(first=2015, last=2025):
    return dice.randint(first, last), dice.randint(1, 12), dice.randint(1, 28)


def benefit(n):
    year, month, date = day(2024, 2025)
    return [f"FF2026{n:06}", id_number(), name(), "62" + "".join(dice.choice("0123456789") for _ in range(17)), f"{dice.randint(80, 6800)}.{dice.randint(0, 99):02}", f"{year}-{month:02}", f"{year}-{month:02}-{date:02}"]


def licence(n, write=lambda y, m, d: f"{y}-{m:02}-{d:02}"):
    year, month, date = day(2015, 2022)
    return [f"ZZ2026{n:06}", f"模拟{dice.choice(GIVEN)}{dice.choice(GIVEN)}商行", credit_code(), dice.choice(["许可证", "备案凭证", "资质证书"]), write(year, month, date), write(year + 5, month, date), dice.choice(["有效", "过期", "注销"])]


def person(n):
    number = id_number()
    return [number, name(), str(dice.choice([1, 2])), f"{number[6:10]}-{number[10:12]}-{number[12:14]}", dice.choice(["汉族", "畲族"]), "339901001", f"模拟镇{n % 40 + 1}村", "0579-8700" + f"{n % 10000:04}", "{}-{:02}-{:02}".format(*day()), "有效"]


BENEFIT = ["发放流水号", "公民身份号码", "姓名", "银行账号", "金额", "发放月份", "发放日期"]
LICENCE = ["证照编号", "持证主体", "统一社会信用代码", "证照名称", "发证日期", "有效期至", "证照状态"]
PERSON = ["公民身份号码", "姓名", "性别代码", "出生日期", "民族", "乡镇街道代码", "住址", "联系电话", "登记日期", "状态"]


def text(rows, mark=","):
    return "".join(mark.join(row) + "\r\n" for row in rows)


def save(path, content):
    with open(path, "wb") as file:
        file.write(content)


def packed(entries):
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in entries:
            archive.writestr(zipfile.ZipInfo(path, ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return into.getvalue()


def sheet(rows, tail):
    def cell(value):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'

    body = "".join(f"<row>{''.join(cell(v) for v in row)}</row>" for row in rows)
    body += ('<row><c s="1"/>' * tail).replace('<c s="1"/>', '<c s="1"/></row>')
    kind = "http://schemas.openxmlformats.org"
    return packed([
        ("[Content_Types].xml", f'<?xml version="1.0"?><Types xmlns="{kind}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'),
        ("_rels/.rels", f'<?xml version="1.0"?><Relationships xmlns="{kind}/package/2006/relationships"><Relationship Id="r1" Type="{kind}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        ("xl/workbook.xml", f'<?xml version="1.0"?><workbook xmlns="{kind}/spreadsheetml/2006/main" xmlns:r="{kind}/officeDocument/2006/relationships"><sheets><sheet name="证照信息（模拟）" sheetId="1" r:id="r1"/></sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", f'<?xml version="1.0"?><Relationships xmlns="{kind}/package/2006/relationships"><Relationship Id="r1" Type="{kind}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{kind}/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>'),
        ("xl/styles.xml", f'<?xml version="1.0"?><styleSheet xmlns="{kind}/spreadsheetml/2006/main"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf applyFill="1"/></cellXfs></styleSheet>'),
        ("xl/worksheets/sheet1.xml", f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{kind}/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>'),
    ])


def main():
    rows = [benefit(n) for n in range(1, 301)]
    save("养老保险参保人待遇发放_模拟.csv", ("养老待遇发放明细表（模拟）\r\n填报单位：市人力资源和社会保障局,,,,填报日期：2026年11月\r\n" + text([BENEFIT, ["", "", "", "", "元", "", ""], *rows]) + "注：本表数据均为模拟，不含任何真实个人信息。\r\n").encode("gb18030"))

    save("食品经营单位证照信息_模拟.xlsx", sheet([LICENCE, *[licence(n) for n in range(1, 201)]], tail=3000))

    people = [person(n) for n in range(1, 501)]
    for n in range(0, 500, 50):
        people[n] = people[n][:7]  # one row in fifty was cut short
    save("户籍人口基本信息_分号_模拟.csv", text([PERSON, *people], ";").encode("utf-8"))

    styles = [
        lambda y, m, d: f"{y}-{m:02}-{d:02}", lambda y, m, d: f"{y}/{m}/{d}", lambda y, m, d: f"{y}年{m}月{d}日", lambda y, m, d: f"{y}{m:02}{d:02}", lambda y, m, d: f"{y}.{m:02}.{d:02}",
    ]
    save("食品经营单位证照信息_五种日期_模拟.csv", text([LICENCE, *[licence(1000 + n, styles[n % 5]) for n in range(200)]]).encode("utf-8-sig"))

    save("食品经营单位证照信息_模拟.ndjson", "".join(json.dumps(dict(zip(LICENCE, licence(2000 + n))), ensure_ascii=False) + "\n" for n in range(150)).encode("utf-8"))

    towns = [(f"第{t}批_基本信息_模拟.csv", text([PERSON, *[person(t * 1000 + n) for n in range(120)]]).encode("gb18030")) for t in (1, 2)]
    save("户籍人口基本信息_两批_模拟.zip", packed(towns))

    save("养老保险参保人待遇发放_模拟.tsv", ("\ufeff" + text([BENEFIT, *[benefit(1000 + n) for n in range(100)]], "\t")).encode("utf-16-le"))


if __name__ == "__main__":
    main()

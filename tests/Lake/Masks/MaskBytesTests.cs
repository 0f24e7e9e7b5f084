// The masks of a whole file are made of bytes and those of a page of texts: they are the same.
using System.Text;
using Lizhou.Lake.Masks;

namespace Lizhou.Lake.Tests.Masks;

public sealed class MaskBytesTests
{
    private static readonly string[] Awkward =
    [
        "", "张", "张三", "欧阳模", "欧阳模拟", "欧阳模拟人", "330722199001011234", "33072219900101123X", "113307843077566033", "13800138000", "1380013800", "138001380OO", "3307221990010112345",
        "2026-11-29", "202", "２０２６-11", "二〇二六年", "true", "12.50", "-1", "浙江省模拟市望春街道第5号", "𠮷野家", "𠮷", "é", "e\u0301", "👩‍👩‍👧", "０１２３４５６７８９０１２３４５６７", "01234567890123456𠮷", "\u0001", " ",
    ];

    [Fact]
    public void Bytes_and_texts_are_masked_alike()
    {
        var random = new Random(20261129);
        const string letters = "0123456789012345Xx张李𠮷é .-镇";
        var runes = letters.EnumerateRunes().ToArray();
        string[] texts = [.. Awkward, .. Enumerable.Range(0, 4000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(22)).Select(_ => runes[random.Next(random.Next(2) == 0 ? 10 : runes.Length)])))];
        var answered = 0;
        var into = new byte[MaskBytes.Longest];
        foreach (var plan in from way in Enum.GetValues<MaskWay>() from of in Enum.GetValues<MaskOf>() select new MaskPlan(way, of))
        {
            using var quick = new MaskBytes(plan, "a key"u8);
            foreach (var text in texts)
            {
                var length = quick.Apply(Encoding.UTF8.GetBytes(text), into);
                if (length >= 0)
                {
                    answered++;
                    Encoding.UTF8.GetString(into, 0, length).ShouldBe(MaskText.Apply(plan, "a key"u8, text), $"{plan} {text}");
                }
            }
        }

        answered.ShouldBe(3 * 7 * texts.Length, "in part, in full and as a digest");
    }
}

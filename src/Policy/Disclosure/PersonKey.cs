// In: the number of a person's id (GB 11643). Out: eight bytes that stand for the person, made with a key of this installation: the number itself is kept nowhere.
using System.Globalization;
using System.Text;
using Lizhou.Contracts.Catalog;
using Lizhou.Lake;
using Lizhou.Lake.Masks;
using Lizhou.Lake.Reading;

namespace Lizhou.Policy.Disclosure;

internal sealed class PersonKey(PolicyKeys keys)
{
    private const int Digits = 16;

    private static readonly MaskPlan Plan = new(MaskWay.Hash, MaskOf.Text);

    private readonly Lazy<string> key = new(() => keys.Seal("person", ""));

    /// <summary>Whether an item holds id numbers of persons.</summary>
    public static bool Names(ItemCard item) => item.Check == CheckCharacter.IdNumber;

    public ulong Of(string number) => Read(MaskText.Apply(Plan, Encoding.UTF8.GetBytes(key.Value), number.Trim().ToUpperInvariant()));

    /// <summary>The same inside a query, as hexadecimal text; null for an empty cell.</summary>
    public string Sql(string cell, Arguments with) => $"{MaskFunction.Name}({with.Add(Plan.ToString())}, {with.Add(key.Value)}, upper(trim(CAST({cell} AS VARCHAR))))";

    /// <summary>The keys in columns of such texts, one after the other.</summary>
    public static void ReadAll(Session session, IEnumerable<string> columns, string from, object?[] with, Action<ulong> add) => session.Stream(
        $"SELECT {string.Join(", ", columns)} FROM {from}",
        row =>
        {
            for (var i = 0; i < row.FieldCount; i++)
            {
                if (!row.IsDBNull(i))
                {
                    add(Read(row.GetString(i)));
                }
            }
        },
        with);

    public static ulong Read(string digest) => ulong.Parse(digest.AsSpan(0, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}

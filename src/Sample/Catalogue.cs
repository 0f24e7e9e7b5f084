// In: the plan, a size and a seed. Out: the resources of the county, in order, with their rows shared out; the sum is exactly the size's.
using System.Globalization;
using Lizhou.Contracts.Catalog;

namespace Lizhou.Sample;

/// <summary>A resource of the sample county before it is registered.</summary>
/// <param name="Key">Names it in the sample; everything random about it follows from it.</param>
/// <param name="Serial">顺序码</param>
/// <param name="Rows">0 when it stays empty.</param>
internal sealed record PlannedResource(
    string Key, Guid Id, int DepartmentNumber, DepartmentPlan Department, string System, FormPlan Form, string Name, string Class, string Serial, bool Gb18030, bool Preamble)
{
    public long Rows { get; init; }

    /// <summary>Whether its rows count through persons or firms: it is their register.</summary>
    public bool Sequential => Form.Items.Any(i => i.Key && (i.Make.StartsWith("person.", StringComparison.Ordinal) || i.Make.StartsWith("firm.", StringComparison.Ordinal)));
}

internal static class Catalogue
{
    private const int FirstParted = 2025;

    /// <summary>Groups of unions and federations have their own class of departments; all others are 政府.</summary>
    private static readonly HashSet<int> Federations = [33, 34, 40];

    public static IReadOnlyList<PlannedResource> Of(Plan plan, SizePlan size, ulong seed)
    {
        var whole = Subjects(plan, seed).ToList();
        var listed = Enumerable.Range(0, size.Resources).Select(i => i < plan.Sizes["demo"].Resources
            ? whole[i]
            : Part(whole[i % plan.Sizes["demo"].Resources], i / plan.Sizes["demo"].Resources, seed)).ToList();
        return ShareOut(listed, size, seed);
    }

    public static string DepartmentCode(Plan plan, int department) => Codes.CreditCode("11", plan.Prefix, 1_000 + (department * 7_919L));

    /// <summary>An id that is the same in every run of the same seed.</summary>
    public static Guid IdOf(ulong seed, string key)
    {
        var dice = Dice.Of(seed, key);
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, dice.Next());
        BitConverter.TryWriteBytes(bytes[8..], dice.Next());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes, bigEndian: true);
    }

    public static ResourceEntry Entry(PlannedResource planned, Guid unit, Guid? system, ulong seed) => new()
    {
        Id = planned.Id,
        Class = planned.Class,
        Serial = planned.Serial,
        Name = planned.Name,
        Unit = unit,
        System = system,
        Summary = planned.Name + Words.Of.Plan.Mark,
        Format = ResourceFormat.Database,
        Sharing = Enum.Parse<SharingKind>(planned.Form.Sharing),
        Condition = planned.Form.Sharing == nameof(SharingKind.Conditional) ? Words.Of.Plan.Condition : null,
        Ways = [SharingWay.Table, SharingWay.Api],
        Open = planned.Form.Open,
        Cycle = Enum.Parse<UpdateCycle>(planned.Form.Cycle),
        Keywords = [planned.Form.Title],
        Items = [.. planned.Form.Items.Select(i => Item(i, IdOf(seed, planned.Key + "/" + i.Column)))],
    };

    private static ItemCard Item(ItemPlan item, Guid id) => new(
        id, item.Name, item.Column, Enum.Parse<ItemType>(item.Type), item.Length, item.Precision, item.Scale, item.Required, item.Key,
        Enum.Parse<Level>(item.Level), Enum.Parse<CheckCharacter>(item.Check), item.Format, item.Codes, item.Meaning);

    // The first form of every subject, then the second of every subject, and so on: a smaller county is the beginning of a larger one.
    private static IEnumerable<PlannedResource> Subjects(Plan plan, ulong seed)
    {
        for (var form = 0; form < plan.Kinds.Values.Max(k => k.Count); form++)
        {
            for (var subject = 0; subject < plan.Departments.Max(d => d.Subjects.Count); subject++)
            {
                for (var department = 0; department < plan.Departments.Count; department++)
                {
                    var of = plan.Departments[department];
                    if (subject < of.Subjects.Count && form < plan.Kinds[of.Subjects.ElementAt(subject).Value].Count)
                    {
                        yield return Resource(plan, seed, department + 1, subject, form);
                    }
                }
            }
        }
    }

    private static PlannedResource Resource(Plan plan, ulong seed, int number, int subject, int form)
    {
        var department = plan.Departments[number - 1];
        var (name, kind) = department.Subjects.ElementAt(subject);
        var pattern = plan.Forms[plan.Kinds[kind][form]];
        var key = $"{number}/{subject}/{form}";
        return new(
            key, IdOf(seed, key), number, department, department.Systems[subject % department.Systems.Count], pattern, name + pattern.Title,
            string.Create(CultureInfo.InvariantCulture, $"{(Federations.Contains(number) ? "308" : "303")}{number:000}{subject + 1:00}"),
            (form + 1).ToString(CultureInfo.InvariantCulture),
            Dice.Of(seed, "encoding/" + number).Happens(plan.Files.Gb18030),
            Dice.Of(seed, "preamble/" + key).Happens(plan.Files.Preamble));
    }

    // The larger counties keep one table a year, as departments do.
    private static PlannedResource Part(PlannedResource whole, int part, ulong seed)
    {
        var key = $"{whole.Key}/{part}";
        return whole with
        {
            Key = key,
            Id = IdOf(seed, key),
            Name = string.Format(CultureInfo.InvariantCulture, Words.Of.Plan.Part, whole.Name, FirstParted + 1 - part),
            Serial = string.Create(CultureInfo.InvariantCulture, $"{whole.Serial}{part:00}"),
        };
    }

    private static List<PlannedResource> ShareOut(List<PlannedResource> listed, SizePlan size, ulong seed)
    {
        var filled = Filled(listed, size.Filled);
        var shares = filled.Select(i => listed[i].Form.Weight * Math.Exp(1.2 * Bell(Dice.Of(seed, "rows/" + listed[i].Key)))).ToList();
        var sum = shares.Sum();
        const long Fewest = 12;
        var spread = size.Rows - (Fewest * filled.Count);
        var rows = shares.Select(s => Fewest + (long)(spread * (s / sum))).ToList();
        rows[rows.IndexOf(rows.Max())] += size.Rows - rows.Sum();
        for (var n = 0; n < filled.Count; n++)
        {
            listed[filled[n]] = listed[filled[n]] with { Rows = rows[n] };
        }

        return listed;
    }

    // A few of every department first, of different forms, so that a small county has something of everything.
    private static List<int> Filled(List<PlannedResource> listed, int count) =>
        count >= listed.Count
            ? [.. Enumerable.Range(0, listed.Count)]
            : [.. Enumerable.Range(0, listed.Count).OrderBy(i => Diagonal(listed[i].Key)).ThenBy(i => listed[i].DepartmentNumber).Take(count)];

    private static int Diagonal(string key)
    {
        var parts = key.Split('/');
        var (subject, form) = (int.Parse(parts[1]), int.Parse(parts[2]));
        return parts.Length == 3 && subject == form ? subject : 100 + subject + form;
    }

    // Nearly normal: the sum of six dice.
    private static double Bell(Dice dice)
    {
        var sum = 0.0;
        for (var i = 0; i < 6; i++)
        {
            sum += dice.Unit();
        }

        return (sum - 3) * Math.Sqrt(2);
    }
}

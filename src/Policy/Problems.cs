using Lizhou.Kernel;

namespace Lizhou.Policy;

internal static class Problems
{
    public static readonly Problem NoSuchResource = new(
        "POL-001", 404, new("没有这条已发布的数据目录。", "There is no such published resource."), new("请在数据目录中查找。", "Look it up in the catalogue."));

    public static readonly Problem NoRight = new(
        "POL-002", 403,
        new("您的岗位不能查看业务数据。", "Your post may not read business data."),
        new("数据专员可以查看本单位的数据；管理员岗位不看业务数据。", "Stewards read their own unit's data; administrators read none."));

    public static readonly Problem OtherUnit = new(
        "POL-003", 403,
        new("这是其他单位的数据，您所在单位没有获得授权。", "This is another unit's data and your unit holds no grant for it."),
        new("请向数源单位申请共享。", "Ask its source unit to share it."));

    public static readonly Problem NotCollected = new(
        "POL-004", 404, new("该目录还没有归集到数据。", "Nothing has been collected for this resource yet."), new("先为它归集一个批次。", "Collect a batch for it first."));
}
